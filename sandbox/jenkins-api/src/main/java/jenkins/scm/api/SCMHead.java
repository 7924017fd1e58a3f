package jenkins.scm.api;

public class SCMHead {
}
