package io.jenkins.plugins.gitops.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import io.jenkins.plugins.gitops.configuration.base.SharedSecret;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The secrets of the configuration are not looked up for each request, and no change is missed for long. */
@Tag("sandbox")
class SavedScopesTest {

    private static final String TEXT = "one-text-for-two-ids";

    private final AtomicLong nanos = new AtomicLong();
    private final SecretScopeConflicts.SavedScopes scopes = new SecretScopeConflicts.SavedScopes(nanos::get);

    @BeforeEach
    void configure() throws Exception {
        assumeTrue(Jenkins.getInstanceOrNull() != null, "runs on the Jenkins types of the sandbox");
        store("images", TEXT);
        store("reporters", "another-text");
        configure("reporters");
    }

    private static void configure(String reporters) {
        var repository = new RepositoryDefinition("cfg-app", "https://git.example.com/acme/cfg-app.git");
        repository.setMergeWithoutChecks(true);
        repository.setAllJobs(true);
        repository.setImagesSecretId("images");
        repository.setReportersSecretId(reporters);
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    /** As a store of another system does, which tells nobody. */
    private static void store(String id, String text) {
        var credentials = SystemCredentialsProvider.getInstance().getCredentials();
        credentials.removeIf(each ->
                each instanceof StringCredentialsImpl secret && secret.getId().equals(id));
        credentials.add(new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString(text)));
    }

    private boolean isShared() {
        return scopes.anyHas(SharedSecret.find("images").orElseThrow(), other -> other != SecretScope.IMAGES);
    }

    @Test
    void whatIsSavedInJenkinsAppliesAtOnce() throws Exception {
        assertThat(isShared()).isFalse();
        store("reporters", TEXT);

        SystemCredentialsProvider.getInstance().save();
        scopes.onChange(SystemCredentialsProvider.getInstance(), null);

        assertThat(isShared()).isTrue();
    }

    @Test
    void aChangedConfigurationAppliesAtOnce() {
        assertThat(isShared()).isFalse();
        store("verifiers", "another-text");
        configure("verifiers");
        store("verifiers", TEXT);

        scopes.onChange(GitOpsWavesConfiguration.get(), null);

        assertThat(isShared()).isTrue();
    }

    @Test
    void aStoreThatTellsNothingIsAskedAgainSoonAndNotForEachRequest() {
        assertThat(isShared()).isFalse();
        store("reporters", TEXT);
        nanos.addAndGet(Duration.ofSeconds(15).toNanos());
        assertThat(isShared()).isFalse();

        nanos.addAndGet(1);

        assertThat(isShared()).isTrue();
    }

    @Test
    void theSecretOfTheRequestItselfIsNeverAnOldOne() {
        assertThat(isShared()).isFalse();

        store("images", "another-text");

        assertThat(isShared()).isTrue();
        assertThat(scopes.anyHas(SharedSecret.sent("no secret here"), Objects::nonNull))
                .isFalse();
    }
}
