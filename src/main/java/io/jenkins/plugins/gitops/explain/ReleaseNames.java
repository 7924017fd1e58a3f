package io.jenkins.plugins.gitops.explain;

import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.remote.AddressForm;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names of releases. A release is an image set, by its identity; it is named by the build that made it first, so
 * that equal sets have one name in all waves.
 */
public final class ReleaseNames {

    private static final int SHORT_SHA = 7;
    private static final int SHORT_IDENTITY = 6;

    /** The job and the number at the end of the address of a build. */
    private static final Pattern BUILD = Pattern.compile(".*/job/([^/]{1,200})/(\\d{1,18})/?");

    /** At least that many digits of a SHA, as git itself wants. */
    private static final int FEWEST_DIGITS = 4;

    private final Map<String, Release> byIdentity = new TreeMap<>();
    private final RepositoryState state;

    /** Whether builds of several jobs make releases, in waves or in the queue, so that names need the job. */
    private boolean severalJobs;

    /**
     * A release.
     *
     * @param name what people call it: the number of its build, else its application commit or set
     * @param number the number of the build
     * @param build the address of the build's page
     * @param appSha the commit of the application
     * @param at when the change that made it was decided, as far as that is known
     */
    public record Release(
            String name, OptionalLong number, Optional<String> build, Optional<String> appSha, Optional<Instant> at) {}

    private ReleaseNames(RepositoryState state) {
        this.state = state;
    }

    /** Names the releases that the waves run or ran, or that changes brought. */
    public static ReleaseNames of(RepositoryState state) {
        var names = new ReleaseNames(state);
        var makers = new HashMap<String, DecidedChange>();
        // Newest first, so that the first change with a set is the one that stays.
        for (DecidedChange change : state.history()) {
            String identity = names.identityOf(change);
            if (!identity.isEmpty()
                    && change.trailers().filter(ReleaseNames::makes).isPresent()) {
                makers.put(identity, change);
            }
        }
        Stream<ChangeTrailers> made = makers.values().stream().flatMap(change -> change.trailers().stream());
        Stream<ChangeTrailers> queued = state.auto().stream()
                .flatMap(change -> change.trailers().stream())
                .filter(ReleaseNames::makes);
        names.severalJobs = Stream.concat(made, queued)
                        .flatMap(trailers -> jobOf(trailers).stream())
                        .distinct()
                        .count()
                > 1;
        makers.forEach((identity, change) -> names.byIdentity.put(
                identity, names.release(change.trailers().orElseThrow(), Optional.of(change.at()))));
        for (RepositoryState.WaveSnapshot wave : state.waves()) {
            names.addWithoutChange(wave.images());
            wave.deployed().ifPresent(set -> names.addUnknown(set.identity()));
            wave.state().earlier().forEach(past -> names.addUnknown(past.set().identity()));
        }
        return names;
    }

    private static boolean makes(ChangeTrailers change) {
        return change.operation() == ChangeOperation.ANNOUNCE || change.operation() == ChangeOperation.REPLACE;
    }

    /** The job whose build made a change: by the change's order, else by the address of the build. */
    private static Optional<String> jobOf(ChangeTrailers change) {
        return change.order()
                .map(BuildSequence::job)
                .or(() -> change.buildUrl()
                        .flatMap(AddressForm::webPage)
                        .map(BUILD::matcher)
                        .filter(Matcher::matches)
                        .map(address -> address.group(1)));
    }

    /** The identity of the set that a change made, or empty. */
    private String identityOf(DecidedChange change) {
        RepositoryState.BroughtImages brought = state.brought().get(change.sha());
        return brought == null ? "" : brought.identity();
    }

    /** A release that no known change made: named by what its tags have in common. */
    private void addWithoutChange(ImageSet set) {
        if (set.isEmpty() || byIdentity.containsKey(set.identity())) {
            return;
        }
        Set<String> tags = set.images().values().stream().map(ImageRef::tag).collect(Collectors.toSet());
        String only = tags.size() == 1 ? tags.iterator().next() : "";
        if (only.isEmpty()) {
            addUnknown(set.identity());
        } else {
            boolean sha = CommitSha.isFull(only);
            byIdentity.put(
                    set.identity(),
                    new Release(
                            sha ? only.substring(0, SHORT_SHA) : only,
                            OptionalLong.empty(),
                            Optional.empty(),
                            sha ? Optional.of(only) : Optional.empty(),
                            Optional.empty()));
        }
    }

    private void addUnknown(String identity) {
        byIdentity.putIfAbsent(
                identity,
                new Release(
                        "set " + identity.substring(0, Math.min(SHORT_IDENTITY, identity.length())),
                        OptionalLong.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private Release release(ChangeTrailers change, Optional<Instant> at) {
        Optional<String> build = change.buildUrl().flatMap(AddressForm::webPage);
        Matcher address = BUILD.matcher(build.orElse(""));
        OptionalLong number = OptionalLong.empty();
        String job = "";
        if (change.order().isPresent()) {
            number = OptionalLong.of(change.order().get().number());
        }
        if (address.matches()) {
            number = number.isPresent() ? number : OptionalLong.of(Long.parseLong(address.group(2)));
            job = severalJobs ? address.group(1) + " " : "";
        }
        String otherwise = change.appSha()
                .filter(CommitSha::isFull)
                .map(sha -> sha.substring(0, SHORT_SHA))
                .orElse(change.id());
        return new Release(
                number.isPresent() ? job + "#" + number.getAsLong() : otherwise, number, build, change.appSha(), at);
    }

    /** All names, by the identity of the set. */
    public Map<String, Release> all() {
        return byIdentity;
    }

    /** The release with this identity. */
    public Optional<Release> find(String identity) {
        return Optional.ofNullable(byIdentity.get(identity));
    }

    /** The release that a change brings: its own set, or that which it promotes or restores. */
    public Optional<Release> of(ChangeTrailers change) {
        if (makes(change)) {
            return Optional.of(release(change, Optional.empty()));
        }
        WavePath source = change.sourceWave().map(change.wavePath()::in).orElse(change.wavePath());
        return change.sourceSha().flatMap(sha -> at(source, sha));
    }

    /** The release that a wave had in a config commit, as far as the state tells. */
    public Optional<Release> at(WavePath path, String sha) {
        return identityAt(path, sha).flatMap(this::find);
    }

    /** The identity of the set that a wave had in a commit, as far as the state tells. */
    private Optional<String> identityAt(WavePath path, String sha) {
        for (RepositoryState.WaveSnapshot wave : state.waves()) {
            if (wave.path().equals(path)) {
                if (wave.deployed().isPresent() && wave.deployed().get().sha().equals(sha)) {
                    return wave.deployed().map(set -> set.identity());
                }
                for (var past : wave.state().earlier()) {
                    if (past.set().sha().equals(sha)) {
                        return Optional.of(past.set().identity());
                    }
                }
            }
        }
        return state.history().stream()
                .filter(change -> change.outcome() == Outcome.MERGED
                        && change.mainSha().equals(Optional.of(sha))
                        && change.trailers()
                                .map(its -> its.wavePath().equals(path))
                                .orElse(false))
                .map(this::identityOf)
                .filter(identity -> !identity.isEmpty())
                .findFirst();
    }

    /**
     * The config commit in which a wave had a release that somebody names by the number of its build ({@code #5}), or by
     * the first digits of its application commit or of the config commit; the newest one of several in the wave.
     *
     * @return empty if the wave is not known to have had one of that name
     * @throws IllegalArgumentException if more than one release of the wave has that name
     */
    public Optional<String> commitOf(WavePath path, String name) {
        String wanted = name.strip();
        var commits = new TreeMap<String, String>();
        for (RepositoryState.WaveSnapshot wave : state.waves()) {
            if (wave.path().equals(path)) {
                wave.deployed().ifPresent(set -> addIfNamed(commits, set.identity(), set.sha(), wanted));
                wave.state()
                        .earlier()
                        .forEach(past -> addIfNamed(
                                commits, past.set().identity(), past.set().sha(), wanted));
            }
        }
        for (DecidedChange change : state.history()) {
            if (change.mainSha().isPresent()
                    && change.trailers().map(its -> its.wavePath().equals(path)).orElse(false)) {
                addIfNamed(commits, identityOf(change), change.mainSha().get(), wanted);
            }
        }
        Set<String> names = new HashSet<>(commits.keySet());
        if (names.size() > 1) {
            List<String> all = names.stream()
                    .map(identity -> find(identity).map(Release::name).orElse(identity))
                    .sorted()
                    .toList();
            throw new IllegalArgumentException("\"" + wanted + "\" names several releases of " + path + ": "
                    + String.join(", ", all) + "; give more digits.");
        }
        return commits.values().stream().findFirst();
    }

    /** A sentence for a name by which none of these waves is known to have had a release. */
    public static String unknown(String name, List<WavePath> paths) {
        return "\"" + SingleLine.excerpt(name) + "\" is not a release that "
                + paths.stream().map(WavePath::toString).collect(Collectors.joining(" or "))
                + " is known to have had; name the build of one (#5), the first digits of its application commit, or a"
                + " config commit.";
    }

    private void addIfNamed(Map<String, String> commits, String identity, String sha, String wanted) {
        if (isNamed(identity, sha, wanted)) {
            commits.putIfAbsent(identity, sha);
        }
    }

    private boolean isNamed(String identity, String sha, String wanted) {
        if (wanted.length() >= FEWEST_DIGITS && sha.startsWith(wanted)) {
            return true;
        }
        return find(identity)
                .map(release -> release.name().equals(wanted)
                        || release.number().isPresent()
                                && wanted.equals("#" + release.number().getAsLong())
                        || wanted.length() >= FEWEST_DIGITS
                                && release.appSha()
                                        .map(app -> app.startsWith(wanted))
                                        .orElse(false))
                .orElse(false);
    }
}
