package io.jenkins.plugins.gitops.pages;

import com.google.common.annotations.VisibleForTesting;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.gitops.ci.CommitRange;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.JobAuthorization;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.ConditionReport;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PreviewPromotion;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ReadState;
import io.jenkins.plugins.gitops.delivery.PromotionPreview;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.RequestWithdrawal;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.explain.ReleaseNames;
import io.jenkins.plugins.gitops.explain.StateJson;
import io.jenkins.plugins.gitops.gates.SetApprover;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.runtime.AppComparisons;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.triggers.PromotionBuildStarter;
import io.jenkins.plugins.gitops.triggers.PromotionJobParameters;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The actions of the live page's buttons, independent of the web server. Holds, releases and rejections are commands to
 * the driver; promotions and rollbacks are builds of the wave's promotion job, so that no action writes to branches.
 * The caller has checked the permission of the user. Each action returns a sentence for the user; those that start a
 * build return it as JSON, with the address of the build.
 */
@Restricted(NoExternalUse.class)
public final class WaveActions {

    /** The longest time that an action waits for the driver; longer than a slow git server takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A preview is not kept waiting for the forge; the dialog has the link to the comparison. */
    private static final int SECONDS_FOR_COMMITS = 5;

    private final PromotionBuildStarter builds;
    private final Duration patience;

    /**
     * Creates the actions.
     *
     * @param builds starts promotion jobs
     */
    public WaveActions(PromotionBuildStarter builds) {
        this(builds, PATIENCE);
    }

    /** Creates actions that wait this long for the driver. */
    @VisibleForTesting
    public WaveActions(PromotionBuildStarter builds, Duration patience) {
        this.builds = builds;
        this.patience = patience;
    }

    /**
     * The input of a dialog.
     *
     * @param repository the name of the config repository
     * @param parameters returns the value of a field by its name, or null
     * @param person the user
     */
    public record DialogInput(String repository, UnaryOperator<String> parameters, SetApprover.Person person) {

        /** The input of a user who is in no group. */
        public DialogInput(String repository, UnaryOperator<String> parameters, String by) {
            this(repository, parameters, new SetApprover.Person(by, Set.of()));
        }

        /** The name of the user. */
        String by() {
            return person.id();
        }

        @CheckForNull
        private String optional(String name) {
            return Util.fixEmptyAndTrim(parameters.apply(name));
        }

        private String needed(String name, String sentence) throws RequestRefused {
            String value = optional(name);
            if (value == null) {
                throw new RequestRefused(sentence);
            }
            return value;
        }

        /** The reason on one line, for the message of a commit. */
        private String reason() throws RequestRefused {
            String reason = needed("reason", "Say why: whoever wonders will read it.");
            try {
                SingleLine.checkLength(reason, "reason");
            } catch (IllegalArgumentException e) {
                throw new RequestRefused(e.getMessage());
            }
            return SingleLine.of(reason);
        }

        private Wave wave() throws RequestRefused {
            String name = needed("wave", "No wave is named.");
            try {
                return configured().toSettings().wave(name);
            } catch (IllegalArgumentException e) {
                throw new RequestRefused(e.getMessage());
            }
        }

        /** The wave with the image set that is meant; a repository with one named set needs no name. */
        private WavePath path() throws RequestRefused {
            Wave wave = wave();
            try {
                return new WavePath(
                        wave.name(), configured().toSettings().imageSet(Optional.ofNullable(optional("set"))));
            } catch (IllegalArgumentException e) {
                throw new RequestRefused(e.getMessage());
            }
        }

        private RepositoryDefinition configured() throws RequestRefused {
            try {
                return GitOpsWavesConfiguration.get().repository(repository);
            } catch (IllegalArgumentException e) {
                throw new RequestRefused(e.getMessage());
            }
        }

        /** What names a release: its build, its application commit or a config commit. */
        private String releaseName() throws RequestRefused {
            return needed("revision", "No release is named.");
        }

        /** A commit by its SHA or the beginning of it, as the driver looks it up. */
        private String anyRevision() throws RequestRefused {
            String revision = needed("revision", "No commit is named.");
            if (!revision.matches("[0-9a-fA-F]{4,40}")) {
                throw new RequestRefused("\"" + SingleLine.excerpt(revision)
                        + "\" is not a commit SHA; give its hexadecimal digits, the first four at least.");
            }
            return revision.toLowerCase(Locale.ROOT);
        }

        /** The comment of the person, on one line; may be empty. */
        private String comment() throws RequestRefused {
            String comment = Util.fixNull(optional("comment"));
            try {
                SingleLine.checkLength(comment, "comment");
            } catch (IllegalArgumentException e) {
                throw new RequestRefused(e.getMessage());
            }
            return SingleLine.of(comment);
        }

        private String revision() throws RequestRefused {
            String revision = needed("revision", "No commit is named.");
            if (!CommitSha.isFull(revision)) {
                throw new RequestRefused("\"" + SingleLine.excerpt(revision)
                        + "\" is not a full commit SHA; give all of its 40 hexadecimal digits.");
            }
            return revision;
        }
    }

    /** Holds a wave: nothing but rollbacks is written into it. */
    public String hold(DialogInput input) throws GitOpsException {
        Wave wave = input.wave();
        Instant now = now();
        Optional<String> given = Optional.ofNullable(input.optional("until"));
        Optional<Instant> until;
        try {
            until = given.map(time -> now.plus(Durations.parse(time)));
        } catch (IllegalArgumentException e) {
            throw new RequestRefused(e.getMessage());
        }
        var hold = new Hold(input.by(), input.reason(), now, until);
        mark(input, new StateCommand.HoldWave(wave.name(), hold));
        return wave.name() + " is held.";
    }

    /** Ends the hold of a wave. */
    public String release(DialogInput input) throws GitOpsException {
        Wave wave = input.wave();
        mark(input, new StateCommand.ReleaseWave(wave.name(), Optional.of(input.reason()), input.by()));
        return wave.name() + " is released.";
    }

    /** Rejects images, which are then never promoted. */
    public String reject(DialogInput input) throws GitOpsException {
        List<String> digests = digests(input);
        String remark = mark(input, new StateCommand.RejectImages(digests, input.reason(), input.by(), now()));
        return (digests.size() == 1 ? "The image is rejected." : digests.size() + " images are rejected.")
                + (remark.isEmpty() ? "" : " " + remark);
    }

    /** Takes the rejection of images back. */
    public String accept(DialogInput input) throws GitOpsException {
        List<String> digests = digests(input);
        mark(input, new StateCommand.AcceptImages(digests, input.reason(), input.by(), now()));
        return digests.size() == 1
                ? "The image is no longer rejected."
                : digests.size() + " images are no longer rejected.";
    }

    private static List<String> digests(DialogInput input) throws RequestRefused {
        List<String> digests = Arrays.stream(
                        input.needed("digests", "No digest is named.").split("[\\s,]+"))
                .map(reference -> reference.substring(reference.indexOf('@') + 1))
                .toList();
        for (String digest : digests) {
            if (!ImageRef.isDigest(digest)) {
                throw new RequestRefused("\"" + SingleLine.excerpt(digest) + "\" is not a digest: give "
                        + ImageRef.digestForm(digest) + ".");
            }
        }
        return digests;
    }

    /** Approves a set for a wave as the user. */
    public String approve(DialogInput input) throws GitOpsException {
        WavePath path = input.path();
        var approver = new SetApprover(input.repository(), path, input.anyRevision());
        var withdrawal = new RequestWithdrawal();
        await(input.repository(), approver.approve(input.person(), input.comment(), now(), withdrawal), withdrawal);
        return "You have approved it for " + path + ".";
    }

    /** Takes the user's own approval back. */
    public String withdraw(DialogInput input) throws GitOpsException {
        WavePath path = input.path();
        var approver = new SetApprover(input.repository(), path, input.anyRevision());
        var withdrawal = new RequestWithdrawal();
        await(input.repository(), approver.withdraw(input.person(), withdrawal), withdrawal);
        return "Your approval for " + path + " is taken back.";
    }

    /** Has what a wave runs verified again. */
    public String verify(DialogInput input) throws GitOpsException {
        WavePath path = input.path();
        boolean repeated = answer(
                        input.repository(),
                        new ApplyStateCommand(new StateCommand.RepeatVerification(
                                path, Optional.ofNullable(input.optional("name")), input.by(), now())))
                .written();
        return repeated
                ? "What " + path + " runs is verified again."
                : "Nothing is verified again: no verification with a job has ended yet for what " + path + " runs.";
    }

    private static Instant now() {
        return DriverRegistry.get().clock().instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private String mark(DialogInput input, StateCommand marking) throws GitOpsException {
        return answer(input.repository(), new ApplyStateCommand(marking)).remark();
    }

    /** Starts the promotion job of a wave, if every condition holds now. */
    public String promote(DialogInput input) throws GitOpsException {
        Wave wave = input.wave();
        String job = promotionJob(input, wave, RepositoryPower.PROMOTE);
        String revision = input.anyRevision();
        WavePath path = input.path();
        // Read anew, since it says whether the conditions hold now.
        RepositoryState.NextPromotion next = answer(input.repository(), new ReadState()).waves().stream()
                .filter(known -> known.path().equals(path))
                .flatMap(known -> known.live().stream())
                .flatMap(live -> live.next().stream())
                .findFirst()
                .orElseThrow(() -> new RequestRefused("Nothing is promoted to " + path + "."));
        if (!next.sha().equals(revision)) {
            checkChoice(input, wave, path, revision);
            return start(input, job, wave, path, wave.promotesFrom().get(0), revision);
        }
        String refusal = String.join(
                " ",
                next.conditions().stream()
                        .filter(condition -> !condition.met())
                        .map(PromotionCondition::seen)
                        .toList());
        if (!refusal.isEmpty()) {
            throw new RequestRefused("What " + next.from() + " runs is not promoted to " + path + ": " + refusal);
        }
        return start(input, job, wave, path, next.from(), revision);
    }

    /** Checks that another set than the newest may be promoted: one that is qualified, by its commit. */
    private void checkChoice(DialogInput input, Wave wave, WavePath path, String revision) throws GitOpsException {
        PromotionRequest chosen = PromotionRequest.of(PromotionRequest.Kind.DRY_RUN, wave.promotesFrom(), wave.name())
                .set(path.set().orElse(null))
                .revision(revision)
                .requester("the page")
                .build();
        ConditionReport conditions =
                answer(input.repository(), new PreviewPromotion(chosen)).conditions();
        if (!conditions.hold()) {
            throw new RequestRefused(
                    "The set of " + revision + " is not promoted to " + path + ": " + conditions.refusal());
        }
    }

    /** The config commit of the release that the user names. */
    private String releaseCommit(DialogInput input, WavePath path) throws GitOpsException {
        String name = input.releaseName();
        if (CommitSha.isFull(name)) {
            return name;
        }
        RepositoryState state = answer(input.repository(), new ReadState());
        try {
            return ReleaseNames.of(state)
                    .commitOf(path, name)
                    .orElseThrow(() -> new RequestRefused(ReleaseNames.unknown(name, List.of(path))));
        } catch (IllegalArgumentException e) {
            throw new RequestRefused(e.getMessage());
        }
    }

    private String start(DialogInput input, String job, Wave wave, WavePath path, String from, String revision)
            throws RequestRefused {
        return builds.start(
                        job,
                        new PromotionJobParameters(
                                input.repository(),
                                PromotionJobParameters.Operation.PROMOTE,
                                from,
                                wave.name(),
                                path.set().orElse(null),
                                revision))
                .toJson();
    }

    /** Starts the promotion job of a wave for a rollback. */
    public String rollback(DialogInput input) throws GitOpsException {
        Wave wave = input.wave();
        String job = promotionJob(input, wave, RepositoryPower.ROLL_BACK);
        WavePath path = input.path();
        return builds.start(
                        job,
                        new PromotionJobParameters(
                                input.repository(),
                                PromotionJobParameters.Operation.ROLLBACK,
                                wave.name(),
                                wave.name(),
                                path.set().orElse(null),
                                releaseCommit(input, path)))
                .toJson();
    }

    /**
     * Previews a rollback; returns JSON: {@code {"refusal": "…", "differences": ["…"], "commits": {…}}}, with the commits
     * of the application that it would take back where these can be read.
     */
    public String preview(DialogInput input) throws GitOpsException {
        Wave wave = input.wave();
        WavePath path = input.path();
        String revision = releaseCommit(input, path);
        // A wave without a promotion job is refused here already, before the user chooses a commit.
        promotionJob(input, wave, RepositoryPower.ROLL_BACK);
        PromotionRequest rollback = PromotionRequest.of(
                        PromotionRequest.Kind.ROLLBACK_DRY_RUN, wave.name(), wave.name())
                .set(path.set().orElse(null))
                .revision(revision)
                .requester("the page")
                .build();
        PromotionPreview preview = answer(input.repository(), new PreviewPromotion(rollback));
        var answer = Json.object();
        answer.put("refusal", preview.conditions().refusal());
        var differences = answer.putArray("differences");
        preview.differences().forEach(differences::add);
        takenBack(input, path, revision).ifPresent(range -> StateJson.write(range, answer.putObject("commits")));
        return Json.write(Json.withSingleLines(answer));
    }

    /** The commits of the application that a rollback would take back; empty if they are not known soon. */
    private static Optional<CommitRange> takenBack(DialogInput input, WavePath path, String revision)
            throws RequestRefused {
        Optional<RepositoryState> state = DriverRegistry.get().state(input.repository());
        if (state.isEmpty()) {
            return Optional.empty();
        }
        ReleaseNames names = ReleaseNames.of(state.get());
        Optional<ReleaseNames.Release> now = state.get().waves().stream()
                .filter(wave -> wave.path().equals(path))
                .findFirst()
                .flatMap(wave -> names.find(wave.images().identity()));
        return AppComparisons.get()
                .between(input.configured(), names.at(path, revision), now)
                .completeOnTimeout(Optional.empty(), SECONDS_FOR_COMMITS, TimeUnit.SECONDS)
                .join();
    }

    /** The promotion job of a wave, which has to be allowed what it is started for. */
    private static String promotionJob(DialogInput input, Wave wave, RepositoryPower power) throws RequestRefused {
        RepositoryDefinition configured = input.configured();
        String job = configured.getWaves().stream()
                .filter(definition -> wave.name().equals(definition.getName()))
                .map(WaveDefinition::getPromotionJob)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new RequestRefused("The wave " + wave.name()
                        + " has no promotionJob; an administrator can name the job that promotes to it in the"
                        + " wave's configuration."));
        Optional<String> refusal = JobAuthorization.ofJobNamed(configured, job).refusal(power, List.of(wave.name()));
        if (refusal.isPresent()) {
            throw new RequestRefused(refusal.get());
        }
        return job;
    }

    private <T> T answer(String repository, DriverRequest<T> request) throws GitOpsException {
        var withdrawal = new RequestWithdrawal();
        return await(repository, DriverRegistry.get().submit(repository, request, withdrawal), withdrawal);
    }

    private <T> T await(String repository, CompletableFuture<T> answer, RequestWithdrawal withdrawal)
            throws GitOpsException {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GitOpsException failure) {
                throw failure;
            }
            if (e.getCause() instanceof IllegalArgumentException refusal) {
                throw new RequestRefused(refusal.getMessage());
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new RequestRefused(notAnswered(repository, withdrawal));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestRefused(
                    withdrawal.withdraw()
                            ? "Jenkins is shutting down; try again later."
                            : "Jenkins is shutting down while this is done; look again later.");
        }
    }

    /** Withdraws a request that was not answered in time, if the driver has not taken it. */
    private static String notAnswered(String repository, RequestWithdrawal withdrawal) {
        boolean withdrawn = withdrawal.withdraw();
        String reason = DriverRegistry.get()
                .findTrouble(repository)
                .orElse("The driver of " + repository + " has not come to it in time.");
        return withdrawn
                ? reason + " Nothing was done, and nothing will be: try again when that is over."
                : reason + " The driver has begun and may still finish: look again before you repeat it.";
    }
}
