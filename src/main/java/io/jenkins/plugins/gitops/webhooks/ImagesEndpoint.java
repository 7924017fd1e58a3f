package io.jenkins.plugins.gitops.webhooks;

import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.triggers.AnnouncementBuildStarter;
import io.jenkins.plugins.gitops.triggers.ImageAnnouncement;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST images/<repo>?appSha=&order=&set=&replace=&redeliver=}: an application's CI announces its images, which starts a build of
 * each job with the trigger {@code imagesAnnounced}. The answer waits until the builds are in the saved queue, since a
 * sender does not announce the same images twice.
 */
final class ImagesEndpoint implements WebEndpoint {

    static final String SOURCE = "images";

    private final RequestAuthenticator authenticator;
    private final DeliveryStore deliveries;
    private final AnnouncementBuildStarter buildStarter;

    ImagesEndpoint(
            RequestAuthenticator authenticator, DeliveryStore deliveries, AnnouncementBuildStarter buildStarter) {
        this.authenticator = authenticator;
        this.deliveries = deliveries;
        this.buildStarter = buildStarter;
    }

    @Override
    public WebResponse answer(List<String> names, WebRequest request) throws HttpRejection, IOException {
        String repository = names.get(0);
        RequestAuthenticator.AuthenticatedRequest authenticated = authenticator.authenticate(
                repository,
                SecretScope.IMAGES,
                SignatureScheme.REQUEST,
                request,
                RequestBodyReader.Limit.of(Json.MAX_BYTES));
        RequestAuthenticator.requireJson(request);
        ImageAnnouncement announced = AnnouncementParser.parse(
                repository, request.query(), authenticated.body().bytes());
        return deliveries.once(SOURCE, authenticated, request, () -> {
            DriverRegistry.get().hooks().delivered(repository, SOURCE);
            Optional<DeliveryLog.Delivery> delivery = delivery(request, announced);
            DeliveryLog.Execution start = () -> start(authenticated.repository(), announced);
            return delivery.isPresent() ? deliveries.log(repository, SOURCE).once(delivery.get(), start) : start.run();
        });
    }

    private WebResponse start(RepositoryDefinition repository, ImageAnnouncement announced)
            throws HttpRejection, IOException {
        AnnouncedOrders orders = deliveries.orders(announced.repository());
        Optional<String> problem = orders.problem(announced, repository.getMaxOrderStep());
        if (problem.isPresent()) {
            throw new HttpRejection(409, problem.get());
        }
        int started = buildStarter.start(repository, announced);
        if (started == 0) {
            throw new HttpRejection(
                    409,
                    "No job waits for announced images of the repository " + announced.repository()
                            + "; give one the trigger imagesAnnounced().");
        }
        orders.add(announced);
        return WebResponse.sentence(202, started == 1 ? "A build is queued." : started + " builds are queued.");
    }

    /**
     * The key by which a repeated announcement is recognised, for each kind of proof: the idempotency key of the
     * request, or the announcer's own number with all that is announced. Without either every announcement is new,
     * since an application may go back to earlier images.
     */
    private static Optional<DeliveryLog.Delivery> delivery(WebRequest request, ImageAnnouncement announced) {
        String content = announced.set().orElse("") + "/" + announced.appSha().orElse("") + "/"
                + announced.order().orElse("") + "/" + announced.images().identity()
                + (announced.isReplace() ? "/replace" : "") + (announced.isRedeliver() ? "/redeliver" : "");
        String key = SignatureScheme.firstHeader(request, "Idempotency-Key");
        if (key != null) {
            return Optional.of(new DeliveryLog.Delivery("key/" + key, content, Instant.EPOCH));
        }
        return announced.order().map(order -> new DeliveryLog.Delivery("content/" + content, "", Instant.EPOCH));
    }
}
