package io.jenkins.plugins.gitops.steps;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.images.KnownImage;
import io.jenkins.plugins.gitops.images.RepoDigests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Runs {@code docker image inspect}, or the same of a compatible tool, on the agent to find an image's digest. */
final class ImageInspection {

    private static final int SECONDS = 60;

    /** The tools whose {@code image inspect} knows {@code RepoDigests}; a name may go on, as in {@code docker.exe}. */
    private static final Pattern TOOLS = Pattern.compile("(?:.*[/\\\\])?(?:docker|podman|nerdctl)[^/\\\\]*");

    /**
     * The length of the output that is kept: more than the tool prints, since the output of an agent is not trusted.
     */
    private static final int MOST_BYTES = 64 << 10;

    private final String tool;
    private final StepContext context;

    ImageInspection(String tool, StepContext context) {
        this.tool = tool;
        this.context = context;
    }

    /**
     * Checks the argument {@code inspect:} of the step.
     *
     * @throws AbortException if this is no tool that can be asked
     */
    static void checkTool(String tool) throws AbortException {
        if (!TOOLS.matcher(tool).matches()) {
            throw new AbortException(
                    "recordImage takes inspect: as docker, podman or nerdctl, or the path of one of them, "
                            + "not " + SingleLine.excerpt(tool)
                            + ": other tools have no image inspect that tells what was pushed. Let the push write the"
                            + " digest, as buildah push --digestfile does, and give that file as metadataFile:.");
        }
    }

    /** Keeps the first {@value #MOST_BYTES} bytes that are written. */
    private static final class BoundedOutput extends OutputStream {

        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            kept.write(bytes, offset, Math.min(length, MOST_BYTES - kept.size()));
        }

        synchronized String text() {
            return kept.toString(StandardCharsets.UTF_8).strip();
        }
    }

    /** Adds to the image the digest that the tool knows for its repository. */
    void addTo(KnownImage image) throws IOException, InterruptedException {
        image.requireRepositoryAndTag();
        Launcher launcher = context.get(Launcher.class);
        FilePath workspace = context.get(FilePath.class);
        if (launcher == null || workspace == null) {
            throw new AbortException("recordImage runs " + tool
                    + " image inspect on an agent; call it inside node { … }, where the image was built.");
        }
        // A node has no workspace folder before the first file is written.
        workspace.mkdirs();
        var printed = new BoundedOutput();
        var complaint = new BoundedOutput();
        int exit;
        try {
            exit = launcher.launch()
                    .cmds(RepoDigests.command(tool, image))
                    .envs(context.get(EnvVars.class))
                    .pwd(workspace)
                    .stdout(printed)
                    .stderr(complaint)
                    .quiet(true)
                    .start()
                    .joinWithTimeout(SECONDS, TimeUnit.SECONDS, context.get(TaskListener.class));
        } catch (IOException e) {
            throw new AbortException(
                    tool + " cannot be run on this agent (" + SingleLine.excerpt(String.valueOf(e.getMessage()))
                            + "); install it there, or leave inspect: out, so that the registry is asked.");
        }
        if (exit != 0) {
            throw new AbortException(tool + " cannot tell of the image " + image.repository() + ":" + image.tag()
                    + " on this agent: " + SingleLine.excerpt(complaint.text()).replaceAll("[.?!\\s]+$", "")
                    + ". Build it there under this name, or leave inspect: out, so that the registry is asked.");
        }
        RepoDigests.addTo(image, tool, printed.text());
    }
}
