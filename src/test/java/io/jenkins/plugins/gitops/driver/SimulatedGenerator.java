package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.generation.GenerationTask;
import io.jenkins.plugins.gitops.generation.GenerationWorkQueue;
import io.jenkins.plugins.gitops.generation.GeneratorBuild;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import io.jenkins.plugins.gitops.worktree.ConfigTree;
import io.jenkins.plugins.gitops.worktree.FileEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The builds of a generator that writes one file: all other files, with their contents. It fails where one of those has
 * the word {@value #BROKEN}.
 */
final class SimulatedGenerator {

    static final String BROKEN = "broken";
    static final String FILE = "generated/all.yaml";

    final List<String> generated = new ArrayList<>();
    private final GenerationWorkQueue workQueue;
    private int builds;

    SimulatedGenerator(Driver driver) {
        this.workQueue = driver.generation().orElseThrow();
    }

    /** The build of a number. */
    GeneratorBuild build(int number) {
        return new GeneratorBuild("acme/generate #" + number, "https://jenkins.example.com/generate/" + number + "/");
    }

    /** A build generates everything that is wanted, and ends. Returns how many trees it was given. */
    int run() throws IOException {
        GeneratorBuild build = build(++builds);
        int trees = 0;
        for (Optional<GenerationTask> task = workQueue.take(build); task.isPresent(); task = workQueue.take(build)) {
            trees++;
            generate(build, task.get());
        }
        workQueue.release(build, true);
        return trees;
    }

    /** Generates one tree, and hands it in. */
    void generate(GeneratorBuild build, GenerationTask task) throws IOException {
        generated.add(task.purpose());
        Optional<String> text = text(inputs(task));
        if (text.isEmpty()) {
            workQueue.failed(build, task.input(), "make exited with 2");
        } else {
            workQueue.complete(build, task, changes(task, text.get()));
        }
    }

    static SortedMap<String, String> inputs(GenerationTask task) throws IOException {
        var inputs = new TreeMap<String, String>();
        ConfigTree tree = task.tree();
        for (String path : tree.files().keySet()) {
            if (!task.paths().match(path)) {
                inputs.put(path, new String(tree.content(path), StandardCharsets.UTF_8));
            }
        }
        return inputs;
    }

    /** What is generated of files; empty if that fails. */
    static Optional<String> text(SortedMap<String, String> inputs) {
        var text = new StringBuilder();
        inputs.forEach((path, content) -> text.append(path).append(":\n").append(content.indent(2)));
        return text.indexOf(BROKEN) < 0 ? Optional.of(text.toString()) : Optional.empty();
    }

    static BodyChanges changes(GenerationTask task, String text) {
        var files = new TreeMap<String, Optional<BodyChanges.File>>();
        task.tree().files().keySet().stream()
                .filter(task.paths()::match)
                .forEach(path -> files.put(path, Optional.empty()));
        files.put(
                FILE, Optional.of(new BodyChanges.File(FileEntry.Kind.REGULAR, text.getBytes(StandardCharsets.UTF_8))));
        return new BodyChanges(task.tree().base(), files);
    }
}
