package io.jenkins.plugins.gitops.configuration;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.configuration.base.CredentialTypes;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import io.jenkins.plugins.gitops.configuration.checks.AppRepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.CheckSource;
import io.jenkins.plugins.gitops.configuration.repository.SigningDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The stored credentials that a config repository and its check sources name by their ids. */
@Restricted(NoExternalUse.class)
public record RepositoryCredentials(RepositoryDefinition repository) {

    /** The id of the stored secret for a scope. */
    public Optional<String> secretId(SecretScope scope) {
        return Optional.ofNullable(
                switch (scope) {
                    case IMAGES -> repository.getImagesSecretId();
                    case DEPLOYED -> repository.getDeployedSecretId();
                    case FORGE -> repository.getForgeSecretId();
                    case REPORTERS -> repository.getReportersSecretId();
                    case VERIFY -> repository.getVerifySecretId();
                });
    }

    /** The id of the stored key with which commits are signed; empty if they are not. */
    public Optional<String> signingKeyId() {
        return Optional.ofNullable(repository.getSigning()).map(SigningDefinition::getCredentialsId);
    }

    /** A sentence for each field that names stored credentials which this controller does not have. */
    Stream<String> missing() {
        Stream<String> login =
                missing("credentialsId", repository.getCredentialsId(), repository.getUrl(), CredentialTypes.GIT);
        Stream<String> secrets = Arrays.stream(SecretScope.values())
                .flatMap(scope ->
                        missing(scope.field(), secretId(scope).orElse(null), null, CredentialTypes.SECRET_TEXT));
        Stream<String> tokens = repository.getChecks().stream()
                .flatMap(CheckSource::missingCredentials)
                .map(field ->
                        Messages.GitOpsWavesConfiguration_NoCredentials("repository " + repository.getName(), field));
        Stream<String> key =
                signingKeyId().stream().flatMap(id -> missing("signing", id, null, CredentialTypes.PRIVATE_KEY));
        Stream<String> notified = repository.getNotifications().stream()
                .flatMap(notification ->
                        missing("notifications", notification.getSecretId(), null, CredentialTypes.SECRET_TEXT));
        Stream<String> asked = repository.getWaves().stream()
                .flatMap(wave -> wave.getGates().stream())
                .flatMap(gate -> missing(
                        "credentialsId of the gate " + gate.getName(),
                        gate.getCredentialsId(),
                        gate.getUrl(),
                        CredentialTypes.SECRET_TEXT));
        Stream<String> application = Optional.ofNullable(repository.getAppRepository()).stream()
                .flatMap(AppRepositoryDefinition::missingCredentials)
                .map(field ->
                        Messages.GitOpsWavesConfiguration_NoCredentials("repository " + repository.getName(), field));
        return Stream.of(login, secrets, tokens, key, notified, asked, application)
                .flatMap(each -> each);
    }

    private Stream<String> missing(
            String field,
            @Nullable String id,
            @Nullable String address,
            List<Class<? extends StandardCredentials>> types) {
        return id == null || FormAccess.credentialsExist(id, address, types)
                ? Stream.empty()
                : Stream.of(Messages.GitOpsWavesConfiguration_NoCredentials(
                        "repository " + repository.getName(), field + " \"" + id + "\""));
    }
}
