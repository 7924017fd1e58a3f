package io.jenkins.plugins.gitops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.common.RegistryUnavailable;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is remembered of the answers of registries, and when they are asked again. */
class SignatureWatchTest {

    private static final ImageRef IMAGE = new ImageRef("docker.example.com/web", "1", "sha256:" + "1".repeat(64));
    private static final ImageSignature NONE = new ImageSignature(false, "has no signature");

    private final ManualClock clock = new ManualClock();
    private final List<CompletableFuture<ImageSignature>> questions = new ArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final SignatureWatch watch = new SignatureWatch(
            SignaturePolicy.NONE,
            (image, policy) -> {
                var question = new CompletableFuture<ImageSignature>();
                questions.add(question);
                return question;
            },
            clock);

    @Test
    void aRegistryIsAskedOnce() {
        watch.onAnswer(answers::incrementAndGet);

        assertThat(watch.of(IMAGE)).isEmpty();
        assertThat(watch.of(IMAGE)).isEmpty();
        assertThat(questions).hasSize(1);

        questions.get(0).complete(ImageSignature.VALID);

        assertThat(answers).hasValue(1);
        assertThat(watch.of(IMAGE)).contains(ImageSignature.VALID);

        clock.turn(SignatureWatch.ASK_AGAIN.multipliedBy(100));

        assertThat(watch.of(IMAGE)).contains(ImageSignature.VALID);
        assertThat(questions).as("a valid signature stays valid").hasSize(1);
    }

    @Test
    void itIsAskedAgainForASignatureThatWasNotThere() {
        watch.of(IMAGE);
        questions.get(0).complete(NONE);
        clock.turn(SignatureWatch.ASK_AGAIN.minusSeconds(1));

        assertThat(watch.of(IMAGE)).contains(NONE);
        assertThat(questions).hasSize(1);

        clock.turn(SignatureWatch.ASK_AGAIN);

        assertThat(watch.of(IMAGE)).as("until the new answer is there").contains(NONE);
        assertThat(questions).hasSize(2);

        questions.get(1).complete(ImageSignature.VALID);

        assertThat(watch.of(IMAGE)).contains(ImageSignature.VALID);
    }

    @Test
    void aFailureIsAnAnswer() {
        watch.of(IMAGE);
        questions.get(0).completeExceptionally(new RegistryUnavailable("The registry is down.", null, null));

        assertThat(watch.of(IMAGE)).contains(new ImageSignature(false, "may be signed or not: The registry is down."));
    }
}
