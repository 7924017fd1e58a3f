package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import hudson.model.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sandbox.demo.ArgoReader.Target;
import sandbox.demo.ConfigReader.Deployed;
import sandbox.demo.ConfigReader.Image;
import sandbox.demo.ExamplePipelines.Build;
import sandbox.runner.BuildResult;

/** Checks that hold after each delivery, promotion or refusal. */
final class DemoChecks {

    private final DemoScreen screen;
    private final ChangeSignal news;
    private final ConfigReader config;
    private final ArgoReader argo;
    private final DemoCluster cluster;
    private final ExamplePipelines pipelines;

    DemoChecks(DemoScene scene) {
        this.screen = scene.screen();
        this.news = scene.news();
        this.config = scene.config();
        this.argo = scene.argo();
        this.cluster = scene.cluster();
        this.pipelines = scene.pipelines();
    }

    void succeeds(Build build) {
        if (!build.await().isSuccess()) {
            throw new UnexpectedState(
                    build.name() + " should have succeeded, but ended with this log:\n" + build.log());
        }
    }

    /** Waits for the end of a build that must fail; returns its error message. */
    String fails(Build build) {
        BuildResult result = build.await();
        if (result.result() != Result.FAILURE) {
            throw new UnexpectedState(build.name() + " should have failed, but ended with this log:\n" + build.log());
        }
        return result.failure();
    }

    /** Waits until a build logs that it waits for this reason; returns that line of its log. */
    String waits(Build build, String reason) {
        news.await(
                build.name() + " says that it waits, since " + reason,
                () -> build.log().contains(reason) || build.hasEnded());
        if (build.hasEnded()) {
            throw new UnexpectedState(build.name() + " should have waited, since " + reason
                    + ", but ended with this log:\n" + build.log());
        }
        return line(build.log(), reason).strip();
    }

    static String line(String log, String part) {
        return log.lines()
                .filter(line -> line.contains(part))
                .findFirst()
                .orElseThrow(() -> new UnexpectedState("There is no '" + part + "' in this log:\n" + log));
    }

    /** Checks main and staging after a delivery; returns the commit of main. */
    String delivered(String before, String appCommit) {
        String now = config.commit("main");
        merged(before, now);
        SortedMap<String, Image> images = config.images(now, "staging");
        screen.fact(
                config.appCommit(now).equals(appCommit)
                        && images.values().stream()
                                .allMatch(image -> image.commit().equals(appCommit)),
                "every tag in it names the app commit "
                        + shortened(images.get(images.firstKey()).commit()));
        runs("staging", now);
        return now;
    }

    /** Checks main and the target wave after a promotion; returns the commit of the promotion. */
    String promoted(String before, String from, String to) {
        String commit = config.onMain("Autocommit-Target", to).get(0);
        merged(before, commit);
        String source = config.trailer(commit, "Autocommit-Source-SHA");
        screen.fact(
                config.trailer(commit, "Autocommit-Source-Wave").equals(from)
                        && config.images(commit, to).equals(config.images(source, from)),
                "it has in " + to + " exactly the tags and digests that " + from + " ran at " + shortened(source));
        runs(to, commit);
        return commit;
    }

    private void merged(String before, String now) {
        screen.fact(
                !now.equals(before) && config.isAncestor(before, now),
                "main went forward from " + shortened(before) + " to " + shortened(now) + ": " + config.subject(now));
        screen.fact(
                config.evidence(now).startsWith("Check: ci/check success"),
                "the note on it is the evidence: "
                        + config.evidence(now).lines().findFirst().orElse("none"));
        screen.fact(
                config.decided(config.id(now)).outcome().equals("merged"),
                "the state says of its change: "
                        + config.decided(config.id(now)).outcome());
    }

    /** Checks that Argo CD and the state ref agree that a wave runs the images of a commit. */
    private void runs(String wave, String commit) {
        SortedMap<String, Image> images = config.images(commit, wave);
        Set<String> digests = images.values().stream().map(Image::digest).collect(Collectors.toSet());
        List<String> wrong = new ArrayList<>();
        SortedSet<String> names = new TreeSet<>();
        for (Target target : argo.targets(wave)) {
            names.add(target.name());
            if (!target.isWell()
                    || !target.images().containsAll(digests)
                    || !config.isAncestor(commit, target.revision())) {
                wrong.add(target.toString());
            }
        }
        SortedSet<String> expected = cluster.names().stream()
                .filter(name -> name.startsWith(wave + "-"))
                .collect(Collectors.toCollection(TreeSet::new));
        screen.fact(
                wrong.isEmpty() && names.equals(expected),
                wrong.isEmpty()
                        ? "Argo CD says of " + String.join(", ", names)
                                + ": Synced with it, Healthy, and running those " + digests.size() + " digests"
                        : "Argo CD says of all targets of " + wave + " that they run it, and not " + wrong);
        news.await("the state ref says that " + wave + " runs " + commit, () -> isRecorded(wave, images));
        Deployed deployed = config.deployed(wave).orElseThrow();
        screen.fact(
                config.isAncestor(deployed.sha(), "main"),
                "the state says that " + wave + " runs the set " + shortened(deployed.identity()) + " of "
                        + shortened(deployed.sha()) + " since " + deployed.since());
    }

    private boolean isRecorded(String wave, SortedMap<String, Image> images) {
        return config.deployed(wave)
                .filter(deployed -> config.images(deployed.sha(), wave).equals(images))
                .isPresent();
    }

    /**
     * Waits until {@code sandbox/gitops why}, which reads only git, prints an expected text for a wave, and prints that
     * line.
     */
    void why(String wave, String expected) {
        news.await(
                "why " + wave + " says: " + expected,
                () -> pipelines.why(wave).stream().anyMatch(line -> line.contains(expected)));
        String said = line(String.join("\n", pipelines.why(wave)), expected);
        screen.fact(said.contains(expected), "sandbox/gitops why " + wave + ": " + said.strip());
    }

    void digestsChanged(String before, String now, Set<String> expected) {
        Map<String, Image> old = config.images(before, "staging");
        Map<String, Image> current = config.images(now, "staging");
        SortedSet<String> changed = new TreeSet<>();
        SortedSet<String> same = new TreeSet<>();
        current.forEach((service, image) -> (old.containsKey(service)
                                && old.get(service).digest().equals(image.digest())
                        ? same
                        : changed)
                .add(service));
        screen.fact(
                changed.equals(expected) && current.keySet().equals(old.keySet()),
                "digests that changed: " + list(changed) + "; that stayed: " + list(same));
    }

    private static String list(SortedSet<String> services) {
        return services.isEmpty() ? "none" : String.join(", ", services);
    }

    /** The last operation of each application, by its name. */
    SortedMap<String, String> operations() {
        return argo.targets().stream()
                .collect(Collectors.toMap(Target::name, Target::operation, (one, other) -> one, TreeMap::new));
    }
}
