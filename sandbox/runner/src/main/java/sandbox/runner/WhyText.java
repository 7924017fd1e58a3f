package sandbox.runner;

import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.explain.ReleaseNames;
import io.jenkins.plugins.gitops.explain.StatusText;
import io.jenkins.plugins.gitops.explain.WhyReport;
import io.jenkins.plugins.gitops.queue.MainCommit;
import java.util.ArrayList;
import java.util.List;

/** Formats a {@link WhyReport} for a terminal. */
final class WhyText {
    private static final int RECENT = 10;

    private final RepositorySettings settings;
    private final StatusText sentences;
    private final List<String> lines = new ArrayList<>();

    WhyText(RepositorySettings settings, ReleaseNames releases) {
        this.settings = settings;
        this.sentences = new StatusText(settings.name(), settings.mainBranch(), releases);
    }

    List<String> answer(WhyReport.Answer answer) {
        if (answer instanceof WhyReport.ChangeAnswer change) {
            change(change);
        } else if (answer instanceof WhyReport.WaveAnswer wave) {
            wave(wave);
        } else if (answer instanceof WhyReport.SetsAnswer several) {
            several.sets().forEach(this::wave);
        }
        return lines;
    }

    List<String> overview(RepositoryState state) {
        line(settings.mainBranch() + " of " + settings.name() + " is at " + state.main() + ".");
        state.problems().forEach(this::line);
        queue(settings.name(), state.auto());
        for (RepositoryState.WaveSnapshot wave : state.waves()) {
            line(sentences.images(wave));
            sentences.deployed(wave).forEach(this::line);
            unseen(wave);
        }
        if (!state.history().isEmpty()) {
            line("Decided last:");
        }
        for (DecidedChange decided :
                state.history().subList(0, Math.min(RECENT, state.history().size()))) {
            line("  " + decided.at() + " " + decided.outcome() + " " + named(decided.id(), decided.subject()) + ": "
                    + decided.reason());
        }
        return lines;
    }

    private void change(WhyReport.ChangeAnswer answer) {
        ChangeStatus status = answer.status();
        sentences.of(answer).forEach(this::line);
        answer.trailers().ifPresent(change -> {
            fact("App commit", change.appSha().orElse(null));
            fact("Build", change.buildUrl().orElse(null));
        });
        fact("Commit", status.sha());
        status.mainSha()
                .filter(sha -> !sha.equals(status.sha()))
                .ifPresent(sha -> fact("On " + settings.mainBranch(), sha));
        for (CheckStatus check : status.checks()) {
            fact(
                    "Check",
                    check.context() + " " + check.state()
                            + check.url().map(url -> " " + url).orElse(""));
        }
    }

    private void wave(WhyReport.WaveAnswer answer) {
        RepositoryState.WaveSnapshot wave = answer.wave();
        line(sentences.images(wave));
        wave.images().images().forEach((service, image) -> {
            line("  " + service + ": " + image.tagReference() + ", " + image.digest());
        });
        sentences.deployed(wave).forEach(this::line);
        unseen(wave);
        answer.lastWrite().ifPresent(commit -> line("These images were written last by " + writer(commit) + "."));
        queue("The wave " + wave.path(), answer.queued());
    }

    /** What is not known of a wave that no target of Argo CD is configured for. */
    private void unseen(RepositoryState.WaveSnapshot wave) {
        if (settings.wave(wave.path()).targets().isEmpty()) {
            line("The wave " + wave.path() + " has no targets, so a set counts as deployed there as soon as "
                    + settings.mainBranch() + " has it. What runs is not known.");
        }
    }

    private static String writer(MainCommit commit) {
        return commit.trailers()
                        .map(change -> "the change " + named(change.id(), commit.subject()))
                        .orElseGet(() ->
                                "hand, with the commit " + named(commit.sha().name(), commit.subject()))
                + ", made at " + commit.when();
    }

    private void queue(String whose, List<RepositoryState.QueuedChange> queue) {
        line(queue.isEmpty() ? "Nothing is queued for " + lower(whose) + "." : "Queued for " + lower(whose) + ":");
        for (RepositoryState.QueuedChange queued : queue) {
            ChangeStatus status = queued.status();
            String wave =
                    queued.trailers().map(change -> " for " + change.wavePath()).orElse(" made by hand");
            line("  " + named(status.id(), status.subject()) + wave + ": " + status.reason());
        }
    }

    private static String lower(String subject) {
        return subject.startsWith("The ") ? "the " + subject.substring("The ".length()) : subject;
    }

    private static String named(String id, String subject) {
        return id + " \"" + subject + "\"";
    }

    private void fact(String name, String value) {
        if (value != null) {
            line("  " + name + ": " + value);
        }
    }

    /** Removes control characters: text from git must not control the terminal. */
    private void line(String text) {
        lines.add(text.replaceAll("\\p{Cntrl}", " "));
    }
}
