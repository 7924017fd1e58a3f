package io.jenkins.plugins.gitops.registry;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageRepositoryName;
import io.jenkins.plugins.gitops.registry.ImageManifest.Entry;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Asks registries which digest a tag has, and whether that is the one that is known already. Holds no thread while it
 * waits; asks no registry for more than a few images at once, and tokens for one scope only once.
 */
public final class ImageResolver {

    private final Function<String, RegistrySettings> settings;
    private final RetryingClient http;
    private final TokenCache tokens;
    private final Map<RegistrySettings, RegistryClient> registries = new HashMap<>();

    /**
     * Begins with no registry asked yet.
     *
     * @param client must not follow redirects, which would take credentials elsewhere
     * @param timer ends calls that are not answered, and begins those that are made again
     * @param settings of a registry by the name that image references give it
     */
    public ImageResolver(
            HttpClient client,
            Clock clock,
            ScheduledExecutorService timer,
            Function<String, RegistrySettings> settings) {
        this.settings = settings;
        this.http = new RetryingClient(client, timer, clock);
        this.tokens = new TokenCache(http, clock);
    }

    /**
     * The image with the digest that its tag has in its registry. Fails with {@link RequestRefused} if there is no such image
     * or another digest is known of it, and with {@link io.jenkins.plugins.gitops.common.RegistryUnavailable}.
     */
    public CompletableFuture<ResolvedImage> resolve(ImageQuery wanted, @Nullable RegistryCredentials credentials) {
        var address = ImageRepositoryName.of(wanted.repository());
        var question = new Question(wanted, registry(address), address.name(), credentials);
        return question.answer();
    }

    /**
     * What a registry of these settings says before it is asked for an image. Fails with {@link RequestRefused} if what answers
     * there is no registry, and with {@link io.jenkins.plugins.gitops.common.RegistryUnavailable}.
     */
    public CompletableFuture<AuthDiscovery> greet(RegistrySettings settings) {
        return client(settings).greet();
    }

    /** Returns the client of a registry by its present settings; the same as before as long as these stay. */
    private synchronized RegistryClient registry(ImageRepositoryName repository) {
        return registries.computeIfAbsent(settings.apply(repository.registry()), this::client);
    }

    private RegistryClient client(RegistrySettings settings) {
        return new RegistryClient(settings, http, tokens);
    }

    /** One question to one registry. */
    private record Question(
            ImageQuery wanted,
            RegistryClient registry,
            String name,
            @Nullable RegistryCredentials credentials) {

        CompletableFuture<ResolvedImage> answer() {
            return registry.head(name, wanted.tag(), credentials)
                    .thenCompose(found -> found.isEmpty() ? absent() : whole(found.get()))
                    .thenCompose(this::choose);
        }

        private CompletableFuture<ImageManifest> absent() {
            String sentence = "The registry has no " + wanted.tagReference() + ": push it before it is recorded, and "
                    + "check image: and tag:.";
            String digest = wanted.digest();
            return digest == null
                    ? CompletableFuture.failedFuture(new RequestRefused(sentence))
                    : registry.head(name, digest, credentials).thenApply(known -> {
                        throw new CompletionException(new RequestRefused(
                                known.isPresent()
                                        ? sentence + " It has " + wanted.digest() + ", so only the tag is missing."
                                        : sentence + notPushed()));
                    });
        }

        private String notPushed() {
            return " It has no " + wanted.digest()
                    + " either: a build with --load, or without --push, leaves the image where it was built, and Podman "
                    + "and Buildah tell the digest of what they push by push --digestfile only.";
        }

        /** With what an index lists, which is known by its digest now and so cannot have moved in between. */
        private CompletableFuture<ImageManifest> whole(ImageManifest found) {
            boolean needed = found.isIndex() && found.entries().isEmpty();
            return needed ? required(found.digest()) : CompletableFuture.completedFuture(found);
        }

        private CompletableFuture<ImageManifest> required(String digest) {
            return registry.get(name, digest, credentials)
                    .thenApply(
                            found -> found.orElseThrow(
                                    () -> refused(
                                            "The registry has just said that " + wanted.tagReference() + " is " + digest
                                                    + ", and now has no such manifest; it is being cleaned up, so push the image again.")));
        }

        private CompletableFuture<ResolvedImage> choose(ImageManifest manifest) {
            List<String> remarks = new ArrayList<>();
            String chosen = manifest.digest();
            if (wanted.platform() != null) {
                if (manifest.isIndex()) {
                    chosen = forPlatform(manifest).digest();
                } else {
                    remarks.add(wanted.tagReference() + " is one manifest, so platform: has nothing to choose.");
                }
            }
            String known = wanted.digest();
            if (known != null && !known.equals(chosen)) {
                if (wanted.platform() == null && manifest.lists(known)) {
                    chosen = known;
                } else if (!known.equals(manifest.digest())) {
                    return disagreement(manifest, known);
                }
            }
            if (chosen.equals(manifest.digest()) && manifest.hasAttestations()) {
                remarks.add(attested());
            }
            return CompletableFuture.completedFuture(
                    new ResolvedImage(new ImageRef(wanted.repository(), wanted.tag(), chosen), remarks));
        }

        private Entry forPlatform(ImageManifest index) {
            List<Entry> fitting = index.fitting(Objects.requireNonNull(wanted.platform()));
            if (fitting.size() != 1) {
                String listed = index.images().stream().map(Entry::platform).collect(Collectors.joining(", "));
                throw refused(wanted.tagReference() + " has "
                        + (fitting.isEmpty() ? "no manifest" : "several manifests") + " for the platform "
                        + wanted.platform() + "; it has: " + SingleLine.excerpt(listed) + ".");
            }
            return fitting.get(0);
        }

        private String attested() {
            return wanted.tagReference() + " is an index with BuildKit's attestations, which say how and when it was "
                    + "built: its digest is another one after every build, so that nothing is ever the same to deploy. "
                    + "Build with --provenance=false --sbom=false, or record one manifest with platform: 'linux/amd64'.";
        }

        private CompletableFuture<ResolvedImage> disagreement(ImageManifest tagged, String known) {
            return required(tagged.digest()).thenCombine(registry.head(name, known, credentials), (whole, held) -> {
                throw refused(why(whole, known, held));
            });
        }

        private String why(ImageManifest tagged, String known, Optional<ImageManifest> held) {
            String tag = wanted.tagReference();
            if (known.equals(tagged.configDigest())) {
                return known + " is the digest of the configuration of " + tag + ", by which it cannot be pulled; its "
                        + "own digest is " + tagged.digest() + ", which BuildKit calls containerimage.digest.";
            }
            return held.isPresent()
                    ? "The registry says that " + tag + " is " + tagged.digest() + ", not " + known
                            + ": the tag was moved after this image was pushed. Give every build a tag of its own."
                    : "The registry says that " + tag + " is " + tagged.digest() + "." + notPushed();
        }

        private static CompletionException refused(String sentence) {
            return new CompletionException(new RequestRefused(sentence));
        }
    }
}
