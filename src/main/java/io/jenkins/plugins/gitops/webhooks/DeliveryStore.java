package io.jenkins.plugins.gitops.webhooks;

import io.jenkins.plugins.gitops.common.HexDigest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.model.Jenkins;

/** Stores the processed deliveries and announced orders, in a folder of Jenkins' home for each repository. */
final class DeliveryStore {

    private final Map<Path, DeliveryLog> logs = new ConcurrentHashMap<>();
    private final Map<Path, AnnouncedOrders> orders = new ConcurrentHashMap<>();

    /** The log of deliveries of one kind to a repository. */
    DeliveryLog log(String repository, String kind) {
        return logs.computeIfAbsent(
                folder(repository).resolve(kind + ".log"),
                file -> new DeliveryLog(file, () -> DriverRegistry.get().clock().instant()));
    }

    /** The orders that were announced to a repository. */
    AnnouncedOrders orders(String repository) {
        return orders.computeIfAbsent(folder(repository).resolve("orders.json"), AnnouncedOrders::new);
    }

    private static Path folder(String repository) {
        return Jenkins.get()
                .getRootDir()
                .toPath()
                .resolve("gitops-waves")
                .resolve("deliveries")
                .resolve(repository);
    }

    /**
     * Executes a request. A signed request is executed once, however often it is sent.
     *
     * @param kind the kind of the log in which the request is stored
     */
    WebResponse once(
            String kind,
            RequestAuthenticator.AuthenticatedRequest authenticated,
            WebRequest request,
            DeliveryLog.Execution execution)
            throws HttpRejection, IOException {
        if (authenticated.signature().isEmpty()) {
            return execution.run();
        }
        RequestSignature signature = authenticated.signature().get();
        String content = RequestSignature.target(request) + " "
                + HexDigest.sha256(authenticated.body().bytes());
        return log(authenticated.repository().toSettings().name(), kind)
                .once(
                        new DeliveryLog.Delivery("signed/" + signature.id(), content, signature.acceptedUntil()),
                        execution);
    }
}
