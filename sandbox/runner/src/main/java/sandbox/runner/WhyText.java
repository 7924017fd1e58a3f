package sandbox.runner;

import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.Why;
import io.jenkins.plugins.gitops.repo.ChangeTrailers;
import io.jenkins.plugins.gitops.repo.DecidedChange;
import io.jenkins.plugins.gitops.repo.MainCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts what {@link Why} finds into lines for a terminal. */
final class WhyText {
    private static final int RECENT = 10;

    private final RepositorySettings settings;
    private final List<String> lines = new ArrayList<>();

    WhyText(RepositorySettings settings) {
        this.settings = settings;
    }

    List<String> answer(Why.Answer answer) {
        if (answer instanceof Why.ChangeAnswer change) {
            change(change);
        } else if (answer instanceof Why.WaveAnswer wave) {
            wave(wave);
        } else if (answer instanceof Why.SetsAnswer several) {
            several.sets().forEach(this::wave);
        }
        return lines;
    }

    List<String> overview(RepositoryState state) {
        line(settings.mainBranch() + " of " + settings.name() + " is at " + state.main() + ".");
        queue("It", state.auto());
        for (RepositoryState.Wave wave : state.waves()) {
            line(images(wave));
            deployed(wave);
        }
        if (!state.history().isEmpty()) {
            line("Decided last:");
        }
        for (DecidedChange decided : state.history().subList(0, Math.min(RECENT, state.history().size()))) {
            line("  " + decided.at() + " " + decided.outcome() + " " + named(decided.id(), decided.subject()) + ": "
                    + decided.reason());
        }
        return lines;
    }

    private void change(Why.ChangeAnswer answer) {
        ChangeStatus status = answer.status();
        Optional<ChangeTrailers> trailers = answer.trailers();
        String kind = trailers.isPresent() ? "Change " : "Commit ";
        line(kind + named(status.id(), status.subject()) + " " + where(answer) + ".");
        line(status.reason());
        trailers.ifPresent(change -> {
            line("It " + verb(change) + " " + String.join(", ", change.services()) + " in the wave " + change.wave()
                    + (change.reason().isEmpty() ? "." : ": " + change.reason() + "."));
            fact("App commit", change.appSha());
            fact("Build", change.build());
        });
        fact("Commit", status.sha());
        if (!status.sha().equals(status.mainSha())) {
            fact("On " + settings.mainBranch(), status.mainSha());
        }
        for (CheckStatus check : status.checks()) {
            fact("Check", check.context() + " " + check.state() + (check.url() == null ? "" : " " + check.url()));
        }
    }

    private String where(Why.ChangeAnswer answer) {
        ChangeStatus status = answer.status();
        if (status.outcome() == null) {
            return "is queued in " + settings.name() + " since " + status.since() + ", at place " + answer.place();
        }
        String main = settings.mainBranch() + " of " + settings.name();
        if (answer.by() == null) {
            return "is on " + main;
        }
        return switch (status.outcome()) {
                    case MERGED -> "was merged into " + main;
                    case SATISFIED -> "was satisfied by what " + main + " has";
                    case SUPERSEDED -> "was superseded in " + settings.name();
                    case EVICTED -> "was evicted from " + settings.name();
                    case LOST -> "was lost from " + settings.name();
                }
                + " at " + status.since() + ", decided by " + answer.by();
    }

    private static String verb(ChangeTrailers change) {
        return switch (change.operation()) {
            case ANNOUNCE -> "sets";
            case REPLACE -> "replaces everything by";
            case PROMOTE -> "promotes";
            case ROLLBACK -> "rolls back";
        };
    }

    private void wave(Why.WaveAnswer answer) {
        RepositoryState.Wave wave = answer.wave();
        line(images(wave));
        wave.images().images().forEach((service, image) -> {
            line("  " + service + ": " + image.tagReference() + ", " + image.digest());
        });
        deployed(wave);
        answer.lastWrite().ifPresent(commit -> line("They were written last by " + writer(commit) + "."));
        queue("The wave", answer.queued());
    }

    private void deployed(RepositoryState.Wave wave) {
        wave.state().hold().ifPresent(hold -> line("It is held: " + hold.sentence(wave.name())));
        if (wave.starved() != null) {
            line(wave.starved());
        }
        if (!wave.state().qualified().isEmpty()) {
            var newest = wave.state().qualified().get(wave.state().qualified().size() - 1);
            line("The set of " + newest.sha() + " may go to it since " + newest.at() + ".");
        }
        if (wave.state().unwell()) {
            line("What it runs was seen to be unwell.");
        }
        wave.deployed().ifPresent(deployed -> {
            boolean same = deployed.identity().equals(wave.images().identity());
            line("All of its targets were seen to run " + (same ? "it" : "another one") + ", that of " + deployed.sha()
                    + ", at " + deployed.since() + ".");
        });
    }

    private static String writer(MainCommit commit) {
        return commit.trailers()
                        .map(change -> "the change " + named(change.id(), commit.subject()))
                        .orElseGet(() -> "hand, with the commit " + named(commit.sha().name(), commit.subject()))
                + ", made at " + commit.when();
    }

    private String images(RepositoryState.Wave wave) {
        String subject = "The wave " + wave.name() + " has ";
        if (wave.problem() != null) {
            return subject + "image files on " + settings.mainBranch() + " that cannot be read: " + wave.problem();
        }
        int services = wave.images().images().size();
        return services == 0
                ? subject + "no images on " + settings.mainBranch() + "."
                : subject + services + (services == 1 ? " service" : " services") + " on " + settings.mainBranch()
                        + ", a set with the identity " + wave.images().identity() + ".";
    }

    private void queue(String whose, List<RepositoryState.Queued> queue) {
        line(queue.isEmpty() ? "Nothing is queued for it." : whose + " waits for:");
        for (RepositoryState.Queued queued : queue) {
            ChangeStatus status = queued.status();
            String wave = queued.trailers().map(change -> " for " + change.wave()).orElse(" made by hand");
            line("  " + named(status.id(), status.subject()) + wave + ": " + status.reason());
        }
    }

    private static String named(String id, String subject) {
        return id + " \"" + subject + "\"";
    }

    private void fact(String name, String value) {
        if (value != null) {
            line("  " + name + ": " + value);
        }
    }

    /** Text from git must not be able to steer a terminal. */
    private void line(String text) {
        lines.add(text.replaceAll("\\p{Cntrl}", " "));
    }
}
