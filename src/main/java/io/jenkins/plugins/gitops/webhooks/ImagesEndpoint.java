package io.jenkins.plugins.gitops.webhooks;

import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.triggers.AnnouncementBuildStarter;
import io.jenkins.plugins.gitops.triggers.ImageAnnouncement;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST images/<repo>?appSha=&order=&set=}: an application's CI announces its images, which starts a build of
 * each job with the trigger {@code imagesAnnounced}. The answer waits until the builds are in the saved queue, since a
 * sender does not announce the same images twice.
 */
final class ImagesEndpoint implements WebEndpoint {

    static final String SOURCE = "images";

    private final RequestAuthenticator authenticator;
    private final AnnouncementBuildStarter buildStarter;
    private final DeliveryLog deliveries = new DeliveryLog();

    ImagesEndpoint(RequestAuthenticator authenticator, AnnouncementBuildStarter buildStarter) {
        this.authenticator = authenticator;
        this.buildStarter = buildStarter;
    }

    @Override
    public WebResponse answer(List<String> names, WebRequest request) throws HttpRejection, IOException {
        String repository = names.get(0);
        RequestAuthenticator.AuthenticatedRequest authenticated = authenticator.authenticate(
                repository, SecretScope.IMAGES, SignatureScheme.ANY, request, Json.MAX_BYTES);
        RequestAuthenticator.requireJson(request);
        ImageAnnouncement announced = AnnouncementParser.parse(repository, request.query(), authenticated.body());
        DriverRegistry.get().hooks().delivered(repository, SOURCE);
        Optional<String> delivery = deliveryId(request, announced);
        // One at a time, so that the same announcement, sent twice at once, starts builds once.
        synchronized (this) {
            if (delivery.isPresent() && deliveries.contains(delivery.get())) {
                return WebResponse.sentence(202, "This was announced before; its builds are queued.");
            }
            int started = buildStarter.start(authenticated.repository(), announced);
            if (started == 0) {
                throw new HttpRejection(
                        409,
                        "No job waits for announced images of the repository " + repository
                                + "; give one the trigger imagesAnnounced().");
            }
            delivery.ifPresent(deliveries::add);
            return WebResponse.sentence(202, started == 1 ? "A build is queued." : started + " builds are queued.");
        }
    }

    /**
     * The id by which a repeated announcement is recognised: the idempotency key of the request, or the announcer's own
     * number with all that is announced. Without either every announcement is new, since an application may go back to
     * earlier images.
     */
    private static Optional<String> deliveryId(WebRequest request, ImageAnnouncement announced) {
        String key = SignatureScheme.firstHeader(request, "Idempotency-Key");
        if (key != null) {
            return Optional.of(announced.repository() + "/key/" + key);
        }
        return announced.number().isEmpty()
                ? Optional.empty()
                : Optional.of(announced.repository() + "/" + announced.set().orElse("") + "/"
                        + announced.appSha().orElse("") + "/"
                        + announced.number().getAsLong() + "/"
                        + announced.images().identity());
    }
}
