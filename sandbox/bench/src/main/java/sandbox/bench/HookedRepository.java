package sandbox.bench;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.ReportedCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/** Configures a repository that receives check results by webhooks only, and holds its secrets. */
final class HookedRepository {

    static final String FORGE = "the-secret-of-the-forge";
    static final String REPORTERS = "the-secret-of-the-reporters";
    static final String CHECK = "ci/check";

    private HookedRepository() {}

    static void configure(Path repository) {
        configure(repository, 1);
    }

    /** Configures others too, each with secrets of its own; no driver looks at them. */
    static void configure(Path repository, int count) {
        var all = new ArrayList<RepositoryDefinition>();
        secret("forge", FORGE);
        secret("reporters", REPORTERS);
        var configured = new RepositoryDefinition("cfg-app", repository.toUri().toString());
        configured.setAllowInsecure(true);
        configured.setAllJobs(true);
        configured.setMainBranch("main");
        configured.setPollInterval("1h");
        configured.setForgeSecretId("forge");
        configured.setReportersSecretId("reporters");
        configured.setChecks(List.of(new ReportedCheckSource()));
        configured.setRequiredChecks(List.of(new RequiredCheckDefinition(CHECK)));
        all.add(configured);
        for (int number = 1; number < count; number++) {
            all.add(other("other-" + number));
        }
        GitOpsWavesConfiguration.get().setRepositories(all);
    }

    private static RepositoryDefinition other(String name) {
        var other = new RepositoryDefinition(name, "https://git.example.com/acme/" + name + ".git");
        other.setAllJobs(true);
        other.setMergeWithoutChecks(true);
        other.setPollInterval("1d");
        for (String scope : List.of("images", "deployed", "forge", "reporters")) {
            secret(scope + "-" + name, "the-secret-of-" + scope + "-of-" + name);
        }
        other.setImagesSecretId("images-" + name);
        other.setDeployedSecretId("deployed-" + name);
        other.setForgeSecretId("forge-" + name);
        other.setReportersSecretId("reporters-" + name);
        return other;
    }

    private static void secret(String id, String text) {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString(text)));
    }

    /** The signature of a body, in the format of GitHub. */
    static String signature(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
