package io.jenkins.plugins.gitops.build;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.images.ImageSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jenkins.util.BuildListenerAdapter;

/** Artifacts of a build with its images in the JSON form of announcements: a file for each service, and one for all. */
public final class ImageArtifacts {

    private static final String ALL = "images.json";

    private ImageArtifacts() {}

    /** Archives the files of the recorded images and the file of all images with the build's artifact manager. */
    public static void archive(Run<?, ?> run, TaskListener listener, List<RecordedImage> recorded, ImageSet all)
            throws IOException, InterruptedException {
        Map<String, String> files = new TreeMap<>();
        for (RecordedImage image : recorded) {
            files.put(
                    "images/" + image.getService() + ".json",
                    ImageSet.of(Map.of(image.getService(), image.toImage())).toJson());
        }
        files.put(ALL, all.toJson());
        Path folder = Files.createTempDirectory("gitops-waves-images");
        List<Path> made = new ArrayList<>(List.of(folder, Files.createDirectory(folder.resolve("images"))));
        try {
            Map<String, String> paths = new TreeMap<>();
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = folder.resolve(file.getKey());
                made.add(path);
                Files.writeString(path, file.getValue(), StandardCharsets.UTF_8);
                paths.put(file.getKey(), file.getKey());
            }
            run.pickArtifactManager()
                    .archive(
                            new FilePath(folder.toFile()),
                            new Launcher.LocalLauncher(listener),
                            BuildListenerAdapter.wrap(listener),
                            paths);
        } finally {
            Collections.reverse(made);
            for (Path path : made) {
                Files.deleteIfExists(path);
            }
        }
    }
}
