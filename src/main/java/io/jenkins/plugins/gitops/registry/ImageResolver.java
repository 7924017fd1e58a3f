package io.jenkins.plugins.gitops.registry;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.RegistryUnavailable;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageRepositoryName;
import io.jenkins.plugins.gitops.registry.ImageManifest.ListedManifest;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Looks up the digests of tags in image registries, and compares them with expected digests. Holds no thread while it
 * waits. The requests to one registry at a time are limited, and one token is requested for each scope.
 */
public final class ImageResolver {

    /** The number of manifests of an index that are read to find one by its configuration. */
    private static final int MOST_ENTRIES = 16;

    private final Function<String, RegistrySettings> settings;
    private final RetryingClient http;
    private final TokenCache tokens;
    private final Map<RegistrySettings, RegistryClient> registries = new HashMap<>();

    /**
     * Creates a resolver.
     *
     * @param client must not follow redirects, which would send credentials to another server
     * @param timer cancels requests that are not answered in time, and starts retries
     * @param settings returns the settings of a registry by its name in image references
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
     * Returns the image with the digest that its tag has in its registry. Fails with {@link RequestRefused} if there is
     * no such image or it has another digest than the query, and with
     * {@link io.jenkins.plugins.gitops.common.RegistryUnavailable} if the registry does not answer.
     */
    public CompletableFuture<ResolvedImage> resolve(ImageQuery wanted, @Nullable RegistryCredentials credentials) {
        var address = ImageRepositoryName.of(wanted.repository());
        var lookup = new ImageLookup(wanted, registry(address), address.name(), credentials);
        return lookup.resolve();
    }

    /**
     * Looks for a signature of an image by one of a policy's keys. Fails as {@link #resolve} does if its registry
     * cannot be asked.
     */
    public CompletableFuture<ImageSignature> findSignature(
            ImageRef image, SignaturePolicy policy, @Nullable RegistryCredentials credentials) {
        var address = ImageRepositoryName.of(image.repository());
        return new SignatureFinder(registry(address), address.name(), image.digest(), policy.keys(), credentials)
                .find();
    }

    /**
     * Requests how a registry with these settings authenticates its clients. Fails with {@link RequestRefused} if the
     * server is no registry, and with {@link io.jenkins.plugins.gitops.common.RegistryUnavailable} if it does not
     * answer.
     */
    public CompletableFuture<AuthDiscovery> discoverAuth(RegistrySettings settings) {
        return client(settings).discoverAuth();
    }

    /** Returns the client of a registry; the same one as long as the settings of the registry stay the same. */
    private synchronized RegistryClient registry(ImageRepositoryName repository) {
        return registries.computeIfAbsent(settings.apply(repository.registry()), this::client);
    }

    private RegistryClient client(RegistrySettings settings) {
        return new RegistryClient(settings, http, tokens);
    }

    /** The lookup of one image in its registry. */
    private record ImageLookup(
            ImageQuery wanted,
            RegistryClient registry,
            String name,
            @Nullable RegistryCredentials credentials) {

        CompletableFuture<ResolvedImage> resolve() {
            return registry.head(name, wanted.tag(), credentials)
                    .handle((found, failure) -> failure == null ? found : failUnasked(failure))
                    .thenCompose(found -> found.isEmpty() ? resolveUntagged() : resolve(found.get()));
        }

        private CompletableFuture<ResolvedImage> resolve(ImageManifest found) {
            return withEntries(found).thenCompose(this::choose);
        }

        /** Describes, for a known digest, how to continue although its registry cannot be asked. */
        private Optional<ImageManifest> failUnasked(Throwable failure) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (wanted.digest().isPresent() && wanted.platform().isEmpty()) {
                String message = cause.getMessage() + " The digest is known already, but not whether the registry has "
                        + "it: say verify: false where this controller cannot ask that registry.";
                if (cause instanceof RegistryUnavailable unavailable) {
                    throw new CompletionException(new RegistryUnavailable(
                            message, unavailable.retryAfter().orElse(null), unavailable));
                }
                if (cause instanceof RequestRefused) {
                    throw refusal(message);
                }
            }
            throw new CompletionException(cause);
        }

        private CompletableFuture<ResolvedImage> resolveUntagged() {
            String sentence = "The registry has no " + wanted.tagReference() + ": push it before it is recorded, and "
                    + "check image: and tag:.";
            if (wanted.digest().isEmpty()) {
                throw refusal(sentence);
            }
            String digest = wanted.digest().get();
            return held(digest).thenCompose(held -> {
                if (held.isEmpty()) {
                    throw refusal(sentence + notPushed(digest));
                }
                if (!wanted.pushedByDigest()) {
                    throw refusal(sentence + " It has " + digest + ", so only the tag is missing.");
                }
                return resolve(held.get())
                        .thenApply(resolved -> resolved.with("The registry has " + digest
                                + ", but not the tag " + wanted.tag()
                                + ": it was pushed by its digest alone. Push the tag too, "
                                + "since registries remove what has no tag when they are cleaned up."));
            });
        }

        /**
         * Looks for the manifest of a digest. A registry may answer with an error if the digest is of something else,
         * such as a configuration (distribution 2.8: 500).
         */
        private CompletableFuture<Optional<ImageManifest>> held(String digest) {
            return registry.head(name, digest, credentials).exceptionally(failure -> Optional.empty());
        }

        private static String notPushed(String digest) {
            return " It has no " + digest
                    + " either: docker buildx build --load, or without --push, and docker build leave the image where"
                    + " it was built, so build with --push or push it. Podman and Buildah tell the digest of what they"
                    + " push by push --digestfile only, and --iidfile tells the id of an image, which no registry"
                    + " knows.";
        }

        /**
         * Adds the entries of an index, which is requested by its digest since the tag may have moved in the
         * meantime.
         */
        private CompletableFuture<ImageManifest> withEntries(ImageManifest found) {
            boolean needed = found.isIndex() && found.entries().isEmpty();
            return needed ? getExisting(found.digest()) : CompletableFuture.completedFuture(found);
        }

        private CompletableFuture<ImageManifest> getExisting(String digest) {
            return registry.get(name, digest, credentials)
                    .thenApply(found -> found.orElseThrow(
                            () -> refusal("The registry has just said that " + wanted.tagReference() + " is " + digest
                                    + ", and now has no such manifest; it is being cleaned up, "
                                    + "so push the image again.")));
        }

        private CompletableFuture<ResolvedImage> choose(ImageManifest manifest) {
            List<String> remarks = new ArrayList<>();
            String chosen = manifest.digest();
            if (wanted.platform().isPresent()) {
                if (manifest.isIndex()) {
                    chosen = findPlatform(manifest, wanted.platform().get()).digest();
                } else {
                    remarks.add(wanted.tagReference() + " is one manifest, so platform: has nothing to choose.");
                }
            }
            String known = wanted.otherDigests().contains(manifest.digest())
                    ? manifest.digest()
                    : wanted.digest().orElse(null);
            if (known != null && !known.equals(chosen)) {
                if (wanted.platform().isEmpty() && manifest.lists(known)) {
                    chosen = known;
                } else if (!known.equals(manifest.digest())) {
                    return failMismatch(manifest, known);
                }
            }
            if (chosen.equals(manifest.digest()) && manifest.hasAttestations()) {
                remarks.add(attestationRemark());
            }
            return CompletableFuture.completedFuture(
                    new ResolvedImage(new ImageRef(wanted.repository(), wanted.tag(), chosen), remarks));
        }

        private ListedManifest findPlatform(ImageManifest index, String platform) {
            List<ListedManifest> fitting = index.fitting(platform);
            if (fitting.size() == 1) {
                return fitting.get(0);
            }
            String listed = index.images().stream()
                    .map(ListedManifest::platform)
                    .filter(known -> !known.isEmpty())
                    .collect(Collectors.joining(", "));
            throw refusal(
                    listed.isEmpty()
                            ? wanted.tagReference()
                                    + " is an index that names no platforms: leave platform: out to record "
                                    + "it, or give the digest: of one of its manifests."
                            : wanted.tagReference() + " has "
                                    + (fitting.isEmpty() ? "no manifest" : "several manifests") + " for the platform "
                                    + platform + "; it has: " + SingleLine.excerpt(listed) + ".");
        }

        private String attestationRemark() {
            return wanted.tagReference() + " is an index with BuildKit's attestations, which say how and when it was "
                    + "built: its digest is another one after every build, so that nothing is ever the same to deploy. "
                    + "Build with --provenance=false --sbom=false, or record one manifest with platform: "
                    + "'linux/amd64'.";
        }

        private CompletableFuture<ResolvedImage> failMismatch(ImageManifest tagged, String known) {
            return getExisting(tagged.digest())
                    .thenCompose(whole -> findConfigured(whole, known))
                    .thenCompose(configured -> {
                        if (configured.isPresent()) {
                            throw refusal(explainConfig(tagged, configured.get(), known));
                        }
                        return held(known).thenApply(held -> {
                            throw refusal(explainMismatch(tagged, known, held.isPresent()));
                        });
                    });
        }

        /** Finds the manifest, of the first that an index lists, whose configuration has a digest. */
        private CompletableFuture<Optional<ImageManifest>> findConfigured(ImageManifest tagged, String config) {
            CompletableFuture<Optional<ImageManifest>> found = CompletableFuture.completedFuture(
                    Optional.of(tagged).filter(manifest -> manifest.isConfiguredBy(config)));
            for (ListedManifest entry :
                    tagged.images().stream().limit(MOST_ENTRIES).toList()) {
                found = found.thenCompose(already -> already.isPresent()
                        ? CompletableFuture.completedFuture(already)
                        : registry.get(name, entry.digest(), credentials)
                                .exceptionally(failure -> Optional.empty())
                                .thenApply(manifest -> manifest.filter(of -> of.isConfiguredBy(config))));
            }
            return found;
        }

        private String explainConfig(ImageManifest tagged, ImageManifest configured, String known) {
            return known + " is the digest of the configuration of " + wanted.tagReference()
                    + ", which docker build, podman build and --iidfile call the id of the image, and by which it"
                    + " cannot be pulled; its own digest is " + configured.digest()
                    + (configured.digest().equals(tagged.digest()) ? "" : ", in the index " + tagged.digest())
                    + ". BuildKit calls that containerimage.digest, and podman push and buildah push write it as "
                    + "--digestfile.";
        }

        private String explainMismatch(ImageManifest tagged, String known, boolean held) {
            String tag = wanted.tagReference();
            return held
                    ? "The registry says that " + tag + " is " + tagged.digest() + ", not " + known
                            + ": the tag was moved after this image was pushed. Give every build a tag of its own."
                    : "The registry says that " + tag + " is " + tagged.digest() + "." + notPushed(known);
        }

        private static CompletionException refusal(String sentence) {
            return new CompletionException(new RequestRefused(sentence));
        }
    }
}
