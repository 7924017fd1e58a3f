package io.jenkins.plugins.gitops.gates;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ProxyConfiguration;
import hudson.model.listeners.ItemListener;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.waves.GateAnswer;
import io.jenkins.plugins.gitops.waves.GateLookup;
import io.jenkins.plugins.gitops.waves.GateQuestion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Has the questions of gates asked that promotions depend on, each at its own interval and one at a time, and remembers
 * the last answers in memory only. A question that no promotion depends on any more is not asked again.
 */
@Restricted(NoExternalUse.class)
final class GateQuestioner implements GateLookup {

    /** Questions of sets that came and went; a question that is forgotten is asked anew. */
    private static final int MOST_QUESTIONS = 500;

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final Clock clock;
    private final BiFunction<GateQuestion, Optional<String>, CompletableFuture<GateAnswer>> client;
    private final Function<GateQuestion, CompletableFuture<Optional<String>>> secrets;
    private final Consumer<GateQuestion> onNews;

    /** Least recently asked first. */
    private final Map<GateQuestion, AskedQuestion> asked = new LinkedHashMap<>(16, 0.75f, true);

    private static final class AskedQuestion {
        @CheckForNull
        private GateAnswer answer;

        private boolean asking;
    }

    /**
     * Creates a questioner.
     *
     * @param client asks a question with its secret
     * @param secrets finds the secret of a question
     * @param onNews is called when an answer differs from the one before
     */
    GateQuestioner(
            Clock clock,
            BiFunction<GateQuestion, Optional<String>, CompletableFuture<GateAnswer>> client,
            Function<GateQuestion, CompletableFuture<Optional<String>>> secrets,
            Consumer<GateQuestion> onNews) {
        this.clock = clock;
        this.client = client;
        this.secrets = secrets;
        this.onNews = onNews;
    }

    @Override
    public Optional<GateAnswer> of(GateQuestion question) {
        Instant now = clock.instant();
        boolean due;
        GateAnswer known;
        synchronized (this) {
            AskedQuestion entry = asked.computeIfAbsent(question, unknown -> new AskedQuestion());
            known = entry.answer;
            due = !entry.asking && (known == null || !now.isBefore(known.next()));
            entry.asking |= due;
            if (asked.size() > MOST_QUESTIONS) {
                asked.remove(asked.keySet().iterator().next());
            }
        }
        if (due) {
            ask(question);
        }
        return Optional.ofNullable(known);
    }

    private void ask(GateQuestion question) {
        secrets.apply(question)
                .thenCompose(secret -> client.apply(question, secret))
                .exceptionally(failure -> new GateAnswer(
                        false,
                        "cannot be asked: "
                                + (failure instanceof CompletionException && failure.getCause() != null
                                        ? failure.getCause().getMessage()
                                        : failure.getMessage()),
                        clock.instant().plus(question.rule().every())))
                .thenAccept(answer -> answered(question, answer));
    }

    private void answered(GateQuestion question, GateAnswer answer) {
        boolean news;
        synchronized (this) {
            AskedQuestion entry = asked.get(question);
            if (entry == null) {
                return;
            }
            GateAnswer before = entry.answer;
            news = before == null
                    || before.yes() != answer.yes()
                    || !before.seen().equals(answer.seen());
            entry.answer = answer;
            entry.asking = false;
        }
        if (news) {
            onNews.accept(question);
        }
    }

    /** The questioner of this controller. */
    private static GateQuestioner open() {
        DriverRegistry drivers = DriverRegistry.get();
        var client = new GateClient(
                ProxyConfiguration.newHttpClientBuilder()
                        .connectTimeout(CONNECT)
                        .build(),
                drivers.clock(),
                drivers.executors().timer());
        return new GateQuestioner(
                drivers.clock(),
                client::ask,
                question -> drivers.executors().servers().supply(question.rule().url(), () -> secret(question)),
                question -> drivers.executors()
                        .callbacks()
                        .execute(() ->
                                drivers.pollNow(String.valueOf(question.facts().get("repo")))));
    }

    /** The secret, looked up for each question, so that a replaced one is used at once and none is kept. */
    private static Optional<String> secret(GateQuestion question) {
        return question.rule().credentialsId().map(id -> {
            StringCredentials found = CredentialsProvider.findCredentialByIdInItemGroup(
                    id,
                    StringCredentials.class,
                    Jenkins.get(),
                    ACL.SYSTEM2,
                    URIRequirementBuilder.fromUri(question.url()).build());
            if (found == null) {
                throw new IllegalStateException("there is no secret text \"" + id
                        + "\"; an administrator adds it under that id, or corrects credentialsId of the gate.");
            }
            return found.getSecret().getPlainText();
        });
    }

    /** Lets drivers have their questions asked, once jobs are loaded. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class Lifecycle extends ItemListener {

        @Override
        public void onLoaded() {
            DriverRegistry.get().setGates(open());
        }
    }
}
