package io.jenkins.plugins.gitops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Kinds of faults that Jenkins' security advisories find again and again, and that the plugin cannot have. */
@AnalyzeClasses(packages = "io.jenkins.plugins.gitops", importOptions = ImportOption.DoNotIncludeTests.class)
class AdvisoryClassesTest {

    private static final String SIMULATORS = "io.jenkins.plugins.gitops.world..";

    /** What may run on the other side says so: a callable that is no MasterToSlave one may be sent by an agent. */
    @ArchTest
    static void whatIsSentToAgentsCannotBeSentByThem(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(type -> type.isAssignableTo("hudson.remoting.Callable")
                                || type.isAssignableTo("hudson.FilePath$FileCallable"))
                        .filter(type -> !type.isAssignableTo("jenkins.MasterToSlaveFileCallable"))
                        .map(type -> type.getName()))
                .isEmpty();
    }

    /** What the controller sends knows what to read and write, and no password, token or key. */
    @ArchTest
    static void whatIsSentToAgentsHoldsNoCredentials(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(type -> type.isAssignableTo("hudson.remoting.Callable")
                                || type.isAssignableTo("hudson.FilePath$FileCallable"))
                        .flatMap(type -> type.getFields().stream())
                        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                        .map(field -> field.getRawType().getName()))
                .isNotEmpty()
                .allMatch(type -> type.matches("java\\.util\\.\\w+|io\\.jenkins\\.plugins\\.gitops\\.worktree\\.\\w+"));
    }

    /** Which jobs may do what is read of the configuration here, and where it is checked and shown. */
    @ArchTest
    static final ArchRule POWERS_ARE_DECIDED_IN_ONE_PLACE = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.jenkins.plugins.gitops.configuration", "io.jenkins.plugins.gitops.configuration.checks")
            .should()
            .callMethodWhere(JavaCall.Predicates.target(
                    HasName.Predicates.nameMatching("getAllowedJobs|isAllJobs|getReporters")));

    /** A comparison that ends at the first difference tells, by its time, how much of a guess is right. */
    @ArchTest
    static void secretsAreComparedInConstantTime(JavaClasses classes) {
        Stream<String> ofSecrets = Stream.of("SharedSecret", "SignatureScheme", "RequestSignature");
        assertThat(classes.stream()
                        .filter(type -> calls(type, "isEqual", "java.security.MessageDigest"))
                        .map(type -> type.getSimpleName())
                        .filter(type -> !type.equals("SshSignature")))
                .containsExactlyInAnyOrderElementsOf(ofSecrets.toList());
        assertThat(classes.stream()
                        .filter(type -> type.getPackageName().endsWith(".webhooks")
                                || type.getSimpleName().equals("SharedSecret"))
                        .filter(type -> calls(type, "equals", "java.util.Arrays")
                                || type.getSimpleName().equals("SharedSecret")
                                        && calls(type, "equals", "java.lang.String")))
                .isEmpty();
    }

    private static boolean calls(JavaClass type, String method, String owner) {
        return type.getMethodCallsFromSelf().stream()
                .anyMatch(call -> call.getName().equals(method)
                        && call.getTargetOwner().getName().equals(owner));
    }

    /** Of the clients of what runs, each has one request that changes anything: to synchronise, to look again. */
    @ArchTest
    static void clustersAndArgoCdAreReadAndToldToLookAgain(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(type -> type.getPackageName().matches(".*\\.(argocd|flux)"))
                        .flatMap(type -> type.getMethodCallsFromSelf().stream())
                        .filter(call -> call.getTargetOwner().getName().equals("java.net.http.HttpRequest$Builder")
                                && call.getName().matches("POST|PUT|DELETE|method"))
                        .map(call -> call.getOriginOwner().getSimpleName() + " " + call.getName()))
                .containsExactlyInAnyOrder("ArgoCdClient POST", "KubernetesClient method");
    }

    @ArchTest
    static final ArchRule THERE_IS_NO_COMMAND =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("hudson.cli..", "org.kohsuke.args4j..");

    @ArchTest
    static final ArchRule CERTIFICATES_ARE_VERIFIED_AS_JAVA_DOES = noClasses()
            .that()
            .resideOutsideOfPackage(SIMULATORS)
            .should()
            .beAssignableTo("javax.net.ssl.TrustManager")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("javax.net.ssl.X509TrustManager")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("javax.net.ssl.HostnameVerifier")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("javax.net.ssl.SSLParameters");

    /** Trusts the authorities that an administrator gave for a cluster, in place of Java's, and verifies as Java does. */
    @ArchTest
    static final ArchRule OTHER_AUTHORITIES_ARE_TRUSTED_FOR_CLUSTERS_ONLY = noClasses()
            .that()
            .resideOutsideOfPackage(SIMULATORS)
            .and()
            .haveSimpleNameNotContaining("Cluster")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("javax.net.ssl.SSLContext")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("javax.net.ssl.TrustManagerFactory");

    @ArchTest
    static final ArchRule THE_CONFIGURATION_HOLDS_NO_SECRET = noFields()
            .that()
            .areDeclaredInClassesThat()
            .areAssignableTo("hudson.model.Describable")
            .should()
            .haveRawType("hudson.util.Secret");

    /** A look-up that throws for an item which may only be discovered tells it from one that does not exist. */
    @ArchTest
    static final ArchRule ITEMS_ARE_LOOKED_UP_IN_ONE_PLACE = noClasses()
            .that()
            .haveSimpleNameNotContaining("VisibleItems")
            .and()
            .haveSimpleNameNotContaining("JobRunStatuses")
            .should()
            .callMethodWhere(JavaCall.Predicates.target(
                    HasName.Predicates.nameMatching("getItem|getItemByFullName|getItemByUrl")));

    /** These rooms work on threads of the controller, which see what somebody sees who is not logged in. */
    @ArchTest
    static final ArchRule THREADS_OF_THE_CONTROLLER_LOOK_AS_THE_CONTROLLER = noClasses()
            .that()
            .resideInAnyPackage("io.jenkins.plugins.gitops.runtime..", "io.jenkins.plugins.gitops.gates..")
            .should()
            .callMethodWhere(JavaCall.Predicates.target(HasName.Predicates.name("find"))
                    .and(JavaCall.Predicates.target(
                            HasOwner.Predicates.With.owner(HasName.Predicates.nameMatching(".*\\.VisibleItems")))));

    @ArchTest
    static final ArchRule ONLY_THE_SEARCH_REDIRECTS = noClasses()
            .that()
            .haveSimpleNameNotContaining("DigestSearch")
            .should()
            .callMethodWhere(JavaCall.Predicates.target(HasName.Predicates.nameMatching(
                    "sendRedirect2?|redirectTo|redirectToContextRoot|redirectViaContextPath")));

    /** Jenkins does not escape the addresses of links in logs; {@code LogLinks} takes only those that need not be. */
    @ArchTest
    static final ArchRule LINKS_IN_LOGS_ARE_MADE_IN_ONE_PLACE = noClasses()
            .that()
            .haveSimpleNameNotContaining("LogLinks")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("hudson.console..");

    /** Old code reads a request as the servlet API before Jakarta did, past the checks of Jenkins. */
    @ArchTest
    static final ArchRule NOTHING_USES_THE_OLD_SERVLETS =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("javax.servlet..");

    private static final Pattern INLINE = Pattern.compile(
            "\\son[a-z]+=\"|<j:out\\b|<script(?![^>]*\\bsrc=)|escapeText=\"false\"|javascript:|<st:bind\\b");

    @Test
    void everyViewEscapesAndHasNoScriptInIt() throws IOException {
        Path resources = JenkinsSymbolsTest.project().resolve("src/main/resources");
        try (Stream<Path> files = Files.walk(resources)) {
            List<Path> views =
                    files.filter(file -> file.toString().endsWith(".jelly")).toList();
            assertThat(views).hasSizeGreaterThan(20);
            for (Path view : views) {
                String text = Files.readString(view);
                assertThat(text).as(view.toString()).startsWith("<?jelly escape-by-default='true'?>");
                assertThat(INLINE.matcher(text).results().map(match -> match.group()))
                        .as(view.toString())
                        .isEmpty();
            }
        }
    }

    @Test
    void noScriptMakesMarkupOrCodeOfATextOrReadsWhatEveryObjectHas() throws IOException {
        Pattern unsafe =
                Pattern.compile("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|"
                        + "\\b(?:now|then|images|texts)\\[(?!key\\])");
        Path project = JenkinsSymbolsTest.project();
        for (String folder : List.of("src/main/webapp", "src/main/resources")) {
            try (Stream<Path> files = Files.walk(project.resolve(folder))) {
                for (Path script :
                        files.filter(file -> file.toString().endsWith(".js")).toList()) {
                    assertThat(unsafe.matcher(Files.readString(script))
                                    .results()
                                    .map(match -> match.group()))
                            .as(script.toString())
                            .isEmpty();
                }
            }
        }
    }
}
