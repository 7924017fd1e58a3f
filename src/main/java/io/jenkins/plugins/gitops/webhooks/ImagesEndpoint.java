package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.configuration.SecretScope;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.triggers.AnnouncedImages;
import io.jenkins.plugins.gitops.triggers.AnnouncementBuildStarter;
import java.io.IOException;
import java.util.List;

/**
 * {@code POST images/<repo>?appSha=&order=&set=}: an application's CI announces its images, which starts the jobs that
 * wait for that. The answer comes when their builds are safe, since nobody would announce the same a second time.
 */
final class ImagesEndpoint implements Endpoint {

    static final String SOURCE = "images";

    private final RequestAuthenticator doorkeeper;
    private final AnnouncementBuildStarter builds;
    private final DeliveryLog deliveries = new DeliveryLog();

    ImagesEndpoint(RequestAuthenticator doorkeeper, AnnouncementBuildStarter builds) {
        this.doorkeeper = doorkeeper;
        this.builds = builds;
    }

    @Override
    public WebResponse answer(List<String> names, WebRequest request) throws HttpRejection, IOException {
        String repository = names.get(0);
        RequestAuthenticator.Admitted admitted = doorkeeper.admit(repository, SecretScope.IMAGES, SignatureScheme.ANY, request, Json.MAX_BYTES);
        RequestAuthenticator.needJson(request);
        AnnouncedImages announced = AnnouncementParser.read(repository, request.query(), admitted.body());
        DriverRegistry.get().hooks().delivered(repository, SOURCE);
        String delivery = delivery(request, announced);
        // One at a time, so that the same announcement, sent twice at once, starts builds once.
        synchronized (this) {
            if (delivery != null && deliveries.has(delivery)) {
                return WebResponse.sentence(202, "This was announced before; its builds are queued.");
            }
            int started = builds.start(admitted.repository(), announced);
            if (started == 0) {
                throw new HttpRejection(
                        409,
                        "No job waits for announced images of the repository " + repository
                                + "; give one the trigger imagesAnnounced().");
            }
            if (delivery != null) {
                deliveries.add(delivery);
            }
            return WebResponse.sentence(202, started == 1 ? "A build is queued." : started + " builds are queued.");
        }
    }

    /**
     * What tells an announcement that is sent again from a new one: the key that its sender gives it, or its number.
     * Without either every announcement is a new one, since an application may well go back to earlier images.
     */
    @CheckForNull
    private static String delivery(WebRequest request, AnnouncedImages announced) {
        String key = SignatureScheme.first(request, "Idempotency-Key");
        if (key != null) {
            return announced.repository() + "/key/" + key;
        }
        return announced.number().isEmpty()
                ? null
                : announced.repository() + "/" + announced.set() + "/" + announced.appSha() + "/"
                        + announced.number().getAsLong() + "/"
                        + announced.images().identity();
    }
}
