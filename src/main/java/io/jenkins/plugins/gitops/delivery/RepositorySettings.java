package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.common.UsableName;
import io.jenkins.plugins.gitops.flux.FluxSelection;
import io.jenkins.plugins.gitops.generation.GeneratorSettings;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.images.ImageSetLayout.Layout;
import io.jenkins.plugins.gitops.registry.SignaturePolicy;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.signing.TrustedSigners;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Repository;

/**
 * The checked settings of a config repository.
 *
 * @param name as steps name it
 * @param url without user and password
 * @param imageSets the names of the sets in each wave; empty for one without a name
 * @param generatedPaths the files that are generated from others and committed with them
 * @param generator what makes them anew; empty if builds do
 * @param onlyWhenDigestsChange whether a change of tags alone is left out
 * @param announcementsReplace whether the images of a build or an announcement are always the whole set
 * @param replacedSets the image sets of which they are, where they are not of all
 * @param pollInterval the time between two polls of an undecided queue; an idle queue is polled at every tenth
 * @param missingChecksAfter after how long a required check that nobody has reported is named
 * @param redGrace how long a red commit may yet turn green by a re-run
 * @param brokenCheckGrace how long a check that broke down waits for a better run before it counts as red
 * @param mergeWithoutChecks whether there may be no required check at all
 * @param trustedSigners the public keys of those whose commits on auto and on the state ref count; empty for everybody
 * @param signatures the waves that take signed images only, and whose signatures count
 */
public record RepositorySettings(
        String name,
        String url,
        String mainBranch,
        String autoBranch,
        String stateRef,
        Layout layout,
        List<String> imageSets,
        PathPatterns generatedPaths,
        Optional<GeneratorSettings> generator,
        boolean onlyWhenDigestsChange,
        boolean announcementsReplace,
        List<String> replacedSets,
        String committerName,
        String committerEmail,
        String messageTemplate,
        Duration pollInterval,
        Duration missingChecksAfter,
        Duration redGrace,
        Duration brokenCheckGrace,
        List<RequiredCheck> requiredChecks,
        boolean mergeWithoutChecks,
        List<Wave> waves,
        List<String> trustedSigners,
        SignaturePolicy signatures) {

    /** Names become parts of paths: no file system leaves any of this out. */
    private static final Pattern FOLDER = Pattern.compile(
            "[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_-])?(/[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_-])?)*+");

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException with a sentence naming the repository and the field
     */
    public RepositorySettings {
        requiredChecks = List.copyOf(requiredChecks);
        waves = List.copyOf(waves);
        imageSets = List.copyOf(imageSets);
        replacedSets = List.copyOf(replacedSets);
        trustedSigners = List.copyOf(trustedSigners);
        Optional<String> nameProblem = UsableName.problem(name);
        if (nameProblem.isPresent()) {
            throw new IllegalArgumentException("The repository name \"" + name + "\" " + nameProblem.get() + ".");
        }
        branch(name, "mainBranch", mainBranch);
        branch(name, "autoBranch", autoBranch);
        var refNames = new RefNames(mainBranch, autoBranch, stateRef);
        if (refNames.autoExcludesMain()) {
            throw refuse(
                    name,
                    "autoBranch",
                    "\"" + autoBranch + "\" and mainBranch \"" + mainBranch + "\" cannot be two branches of one "
                            + "repository: choose another autoBranch");
        }
        String stateProblem = stateRefProblem(stateRef, refNames);
        if (stateProblem != null) {
            throw refuse(name, "stateRef", "\"" + SingleLine.excerpt(stateRef) + "\" " + stateProblem);
        }
        positive(name, "pollInterval", pollInterval);
        positive(name, "missingChecksAfter", missingChecksAfter);
        if (brokenCheckGrace.isNegative()) {
            throw refuse(name, "brokenCheckGrace", "is negative: write 0s or longer");
        }
        if (redGrace.isNegative()) {
            throw refuse(name, "redGrace", "is negative: write 0s or longer");
        }
        if (requiredChecks.isEmpty() && !mergeWithoutChecks) {
            throw refuse(
                    name,
                    "requiredChecks",
                    "is empty: name the checks that must succeed, or set mergeWithoutChecks: true to merge "
                            + "everything unchecked");
        }
        var checks = new HashSet<String>();
        for (RequiredCheck check : requiredChecks) {
            if (check.name().isBlank() || !checks.add(check.name())) {
                throw refuse(
                        name,
                        "requiredChecks",
                        check.name().isBlank()
                                ? "has an entry without a name: give it the exact name of the CI context"
                                : "names \"" + check.name() + "\" twice: take one of them out");
            }
        }
        if (waves.isEmpty()) {
            throw refuse(name, "waves", "is empty: name at least one");
        }
        var sets = new HashSet<String>();
        for (String set : imageSets) {
            nameInList(name, "imageSets", set, sets);
        }
        for (String set : replacedSets) {
            if (!imageSets.contains(set)) {
                throw refuse(
                        name,
                        "replacedSets",
                        "names \"" + SingleLine.excerpt(set)
                                + "\", which is not an image set of the repository: take it out,"
                                + " or add it to imageSets");
            }
        }
        var names = new HashSet<String>();
        var paths = new HashMap<String, String>();
        for (Wave wave : waves) {
            nameInList(name, "waves", wave.name(), names);
            if (wave.name().toLowerCase(Locale.ROOT).endsWith(".json")) {
                throw refuse(
                        name,
                        "waves",
                        "has the name \"" + wave.name()
                                + "\", which is taken for a file in the state: leave out .json");
            }
            if (!FOLDER.matcher(wave.imagesPath()).matches()) {
                throw refuse(
                        name,
                        "imagesPath",
                        "\"" + wave.imagesPath() + "\" of the wave " + wave.name()
                                + " is not a folder of the repository, such as images/" + wave.name()
                                + (wave.imagesPath().endsWith("/") ? ", without a slash at the end" : ""));
            }
            String other = paths.put(wave.imagesPath().toLowerCase(Locale.ROOT), wave.name());
            if (other != null) {
                throw refuse(
                        name,
                        "imagesPath",
                        "is " + wave.imagesPath() + " for both " + other + " and " + wave.name()
                                + ": give each wave a folder of its own");
            }
        }
        WaveValidator.check(name, waves);
        for (String wave : signatures.require()) {
            if (waves.stream().noneMatch(known -> known.name().equals(wave))) {
                throw refuse(
                        name,
                        "signatures",
                        "requires them in \"" + SingleLine.excerpt(wave) + "\", which is none of its waves; name "
                                + "one of them, or leave it out");
            }
        }
        try {
            new TrustedSigners(trustedSigners, CommitSigner.NONE);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Repository " + name + ": trustedSigners cannot be used: " + e.getMessage());
        }
        if (generator.isPresent()) {
            checkGenerator(name, generator.get(), generatedPaths, imageFiles(waves, imageSets, layout));
        }
    }

    private static Stream<String> imageFiles(List<Wave> waves, List<String> imageSets, Layout layout) {
        return waves.stream()
                .map(Wave::imagesPath)
                .flatMap(folder -> imageSets.isEmpty()
                        ? Stream.of(folder)
                        : imageSets.stream().map(set -> folder + "/" + set))
                .flatMap(folder -> layout.reserved().stream()
                        .flatMap(each -> each.files().stream())
                        .map(file -> folder + "/" + file));
    }

    private static void checkGenerator(
            String name, GeneratorSettings generator, PathPatterns generatedPaths, Stream<String> imageFiles) {
        if (generator.job().isBlank()) {
            throw refuse(name, "generator", "names no job: give the full name of a Pipeline job with generateConfig");
        }
        positive(name, "timeout of the generator", generator.timeout());
        if (generatedPaths.patterns().isEmpty()) {
            throw refuse(
                    name,
                    "generatedPaths",
                    "is empty, so the generator could make nothing: name what it makes, such" + " as generated/**");
        }
        Optional<String> covered = imageFiles.filter(generatedPaths::match).findFirst();
        if (covered.isPresent()) {
            throw refuse(
                    name,
                    "generatedPaths",
                    "covers the image file " + covered.get()
                            + ", which the generator reads: narrow it, for example to generated/**");
        }
    }

    /** Checks a name of a wave or an image set, which also names folders. */
    private static void nameInList(String repository, String field, String name, Set<String> before) {
        Optional<String> problem = UsableName.problem(name);
        if (problem.isPresent()) {
            throw refuse(
                    repository, field, "has the name \"" + SingleLine.excerpt(name) + "\", which " + problem.get());
        }
        if (!before.add(name.toLowerCase(Locale.ROOT))) {
            throw refuse(
                    repository,
                    field,
                    "has the name \"" + name + "\" twice, apart from capitals: give each another name");
        }
    }

    @CheckForNull
    private static String stateRefProblem(String stateRef, RefNames names) {
        boolean branch = names.stateIsBranch();
        if (!branch && !stateRef.startsWith("refs/gitops-waves/")
                || !Repository.isValidRefName(stateRef)
                || stateRef.startsWith("refs/heads/-")) {
            return "is neither a branch nor a ref under refs/gitops-waves/: give the name of a branch, or leave it out";
        }
        return names.isReserved(stateRef) ? "is used for something else: choose another name" : null;
    }

    private static void branch(String repository, String field, String branch) {
        if (!Repository.isValidRefName("refs/heads/" + branch)
                || branch.startsWith("refs/")
                || branch.startsWith("-")
                || branch.equals("HEAD")) {
            throw refuse(
                    repository,
                    field,
                    "\"" + SingleLine.excerpt(branch) + "\" is not the name of a branch: "
                            + (branch.startsWith("refs/heads/")
                                    ? "leave out refs/heads/"
                                    : "write one that git accepts, such as main"));
        }
    }

    private static void positive(String repository, String field, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw refuse(repository, field, "must be longer than 0s");
        }
    }

    private static IllegalArgumentException refuse(String repository, String field, String what) {
        return new IllegalArgumentException("Repository " + repository + ": " + field + " " + what + ".");
    }

    /**
     * Begins the settings of a repository with the defaults of the configuration, without image sets that have names.
     *
     * @param name as steps name it
     * @param url without user and password
     */
    public static RepositorySettingsBuilder named(String name, String url) {
        return new RepositorySettingsBuilder(name, url);
    }

    /**
     * The failure of a repository that has no main branch.
     *
     * @param shownUrl the URL of the repository as it is shown to people
     */
    public RepoUnavailable mainMissing(String shownUrl) {
        return new RepoMisconfigured("The config repository " + shownUrl + " has no branch " + mainBranch
                + ": push it, or set mainBranch of the repository " + name + " to the branch that Argo CD observes.");
    }

    /**
     * The wave that builds commit to.
     *
     * @param named its name; empty for the only one that takes commits
     * @throws IllegalArgumentException with a sentence if there is no such wave, it takes promotions only, or the name
     *     was needed
     */
    public Wave waveForCommits(Optional<String> named) {
        if (named.isEmpty()) {
            List<Wave> takers = waves.stream().filter(Wave::takesCommits).toList();
            if (takers.size() != 1) {
                throw new IllegalArgumentException(
                        "Name the wave to commit to: the repository " + name + " has " + names(takers) + ".");
            }
            return takers.get(0);
        }
        Wave wave = wave(named.get());
        if (!wave.takesCommits()) {
            throw new IllegalArgumentException("The wave " + wave.name() + " takes its images from " + wave.previous()
                    + " only; set directCommits: true on it to let builds commit into it too.");
        }
        return wave;
    }

    /**
     * The wave of a name.
     *
     * @throws IllegalArgumentException with a sentence that lists those there are
     */
    public Wave wave(String name) {
        return waves.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("The repository " + this.name + " has no wave \"" + name + "\""
                                + UsableName.badCharacter(name)
                                        .map(bad -> ", which has " + bad)
                                        .orElse("")
                                + ": it has " + names(waves) + "."));
    }

    /**
     * The wave of a path.
     *
     * @throws IllegalArgumentException with a sentence that lists those there are
     */
    public Wave wave(WavePath path) {
        return wave(path.wave());
    }

    private static String names(List<Wave> waves) {
        return waves.isEmpty() ? "none" : waves.stream().map(Wave::name).collect(Collectors.joining(", "));
    }

    /** Whether the images of a build or an announcement are always the whole of a set. */
    public boolean isReplaced(Optional<String> set) {
        return announcementsReplace || set.filter(replacedSets::contains).isPresent();
    }

    /**
     * The name of the set that is meant; empty where the only set has none.
     *
     * @throws IllegalArgumentException with a sentence if there is no such set, or the name was needed
     */
    public Optional<String> imageSet(Optional<String> named) {
        if (named.map(imageSets::contains).orElse(imageSets.size() < 2)) {
            return named.or(() -> imageSets.stream().findFirst());
        }
        if (imageSets.isEmpty()) {
            throw new IllegalArgumentException("The repository " + name + " has no image set \""
                    + SingleLine.excerpt(named.orElseThrow())
                    + "\": its only one has no name, so leave set: out, or add it to the repository's imageSets.");
        }
        throw new IllegalArgumentException(named.map(unknown ->
                                "The repository " + name + " has no image set \"" + SingleLine.excerpt(unknown) + "\"")
                        .orElse("Say set: which image set is meant")
                + "; it has " + String.join(", ", imageSets) + ".");
    }

    /**
     * Refuses a change that builds may not commit: its wave takes promotions only, or there is no such wave or set.
     *
     * @throws IllegalArgumentException with a sentence
     */
    public void checkCommitsTo(WavePath path) {
        waveForCommits(Optional.of(path.wave()));
        if (!wavePaths().contains(path)) {
            imageSet(path.set());
            throw new IllegalArgumentException("The repository " + name + " has the image sets "
                    + String.join(", ", imageSets) + " now; run the build again.");
        }
    }

    /** The paths of a wave's image sets, in the order of the configuration. */
    public List<WavePath> wavePaths(Wave wave) {
        return imageSets.isEmpty()
                ? List.of(WavePath.of(wave.name()))
                : imageSets.stream().map(set -> WavePath.of(wave.name(), set)).toList();
    }

    /** The paths of the image sets of all waves, wave by wave. */
    public List<WavePath> wavePaths() {
        return waves.stream().flatMap(wave -> wavePaths(wave).stream()).toList();
    }

    public RefNames refNames() {
        return new RefNames(mainBranch, autoBranch, stateRef);
    }

    /** The names of the Argo CD servers that have targets of its waves. */
    public Set<String> argoCdServers() {
        return waves.stream()
                .flatMap(wave -> wave.targets().stream())
                .map(TargetSelection::server)
                .collect(Collectors.toSet());
    }

    /** The names of the clusters with Flux that have targets of its waves. */
    public Set<String> clusters() {
        return waves.stream()
                .flatMap(wave -> wave.fluxTargets().stream())
                .map(FluxSelection::cluster)
                .collect(Collectors.toSet());
    }

    /** The folder of each image set in the config repository, without slashes at its ends. */
    public Map<WavePath, String> imageFolders() {
        var folders = new HashMap<WavePath, String>();
        for (Wave wave : waves) {
            for (WavePath path : wavePaths(wave)) {
                folders.put(
                        path,
                        wave.imagesPath() + path.set().map(set -> "/" + set).orElse(""));
            }
        }
        return folders;
    }
}
