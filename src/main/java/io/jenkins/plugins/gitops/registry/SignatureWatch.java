package io.jenkins.plugins.gitops.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.images.ImageRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Asks registries for the signatures of images, and remembers the answers. A valid signature stays valid, since its
 * digest is that of the image; for another answer the registry is asked again after a while, when somebody wants to
 * know.
 */
public final class SignatureWatch implements SignatureLookup {

    /** After this time a registry is asked again for a signature that was not there. */
    public static final Duration ASK_AGAIN = Duration.ofMinutes(1);

    /** The number of images that are remembered. */
    private static final int REMEMBERED = 20_000;

    /** Asks for one image, without blocking. */
    @FunctionalInterface
    public interface Question {
        CompletableFuture<ImageSignature> ask(ImageRef image, SignaturePolicy policy);
    }

    private final SignaturePolicy policy;
    private final Question question;
    private final Clock clock;

    @CheckForNull
    private volatile Runnable listener;

    private final Map<String, Answer> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Answer(Optional<ImageSignature> signature, boolean isAsked, Instant at) {}

    public SignatureWatch(SignaturePolicy policy, Question question, Clock clock) {
        this.policy = policy;
        this.question = question;
        this.clock = clock;
    }

    /** Sets what is called, on any thread, when an answer has come. */
    public void onAnswer(Runnable called) {
        listener = called;
    }

    @Override
    public Optional<ImageSignature> of(ImageRef image) {
        String key = image.digestReference();
        Answer known;
        synchronized (answers) {
            known = answers.get(key);
            if (known != null && (known.isAsked() || !isDue(known))) {
                return known.signature();
            }
            answers.put(key, new Answer(known == null ? Optional.empty() : known.signature(), true, clock.instant()));
        }
        question.ask(image, policy)
                .handle((signature, failure) ->
                        failure == null ? signature : ImageSignature.unknown(Futures.cause(failure)))
                .thenAccept(signature -> answered(key, signature));
        synchronized (answers) {
            return answers.get(key).signature();
        }
    }

    private boolean isDue(Answer known) {
        return known.signature().filter(ImageSignature::signed).isEmpty()
                && !clock.instant().isBefore(known.at().plus(ASK_AGAIN));
    }

    private void answered(String key, ImageSignature signature) {
        synchronized (answers) {
            answers.put(key, new Answer(Optional.of(signature), false, clock.instant()));
        }
        Runnable called = listener;
        if (called != null) {
            called.run();
        }
    }
}
