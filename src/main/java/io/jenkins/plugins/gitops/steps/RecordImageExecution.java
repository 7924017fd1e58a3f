package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.ImageArtifacts;
import io.jenkins.plugins.gitops.build.ImageFingerprints;
import io.jenkins.plugins.gitops.build.RecordedImage;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.images.KnownImage;
import io.jenkins.plugins.gitops.images.MetadataFile;
import io.jenkins.plugins.gitops.registry.ImageQuery;
import io.jenkins.plugins.gitops.registry.ResolvedImage;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.runtime.RegistryAccess;
import io.jenkins.plugins.gitops.steps.base.AppCommit;
import io.jenkins.plugins.gitops.steps.base.ResumableExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import io.jenkins.plugins.gitops.steps.base.WorkspaceFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Resolves images to digests by the arguments of the step, files of the workspace, a tool on the agent and registries,
 * and keeps them with the build. After a restart registries are asked again; the workspace is read again only if it had
 * not been read.
 */
final class RecordImageExecution extends ResumableExecution {

    private static final long serialVersionUID = 1L;

    private static final int MOST_FILES = 1000;

    private final transient RecordImageStep step;
    private final ArrayList<KnownImage> images = new ArrayList<>();
    /** Whether the step records several services and returns a map of them. */
    private boolean several;

    private boolean workspaceRead;
    /** Whether registries are asked for digests that are known, too. */
    private boolean verify;
    /** The parallel branches around the step, {@code outer/inner/}. */
    private String branch;

    @CheckForNull
    private String files;

    @CheckForNull
    private String metadataFile;

    @CheckForNull
    private String inspect;

    @CheckForNull
    private String credentialsId;

    @CheckForNull
    private String platform;

    @CheckForNull
    private String appSha;

    RecordImageExecution(StepContext context, RecordImageStep step) {
        super(context);
        this.step = step;
    }

    @Override
    public boolean start() throws Exception {
        metadataFile = step.getMetadataFile();
        inspect = step.getInspect();
        credentialsId = step.getCredentialsId();
        platform = step.getPlatform();
        if (inspect != null) {
            ImageInspection.checkTool(inspect);
        }
        verify = step.isVerify();
        branch = branch();
        EnvVars environment = getContext().get(EnvVars.class);
        appSha = environment == null ? null : Util.fixEmptyAndTrim(environment.get("GIT_COMMIT"));
        var given = step.getImages();
        several = given != null;
        try {
            if (given != null) {
                takeSeveral(given);
            } else {
                String service = StepArguments.required(step.getService(), "recordImage", "service");
                images.add(KnownImage.of(
                        ImageSet.checkService(service), step.getImage(), step.getTag(), step.getDigest()));
            }
        } catch (InvalidImagesException e) {
            throw new AbortException(e.getMessage());
        }
        subscribe();
        return false;
    }

    private void takeSeveral(Object given) throws AbortException {
        if (step.getService() != null
                || step.getImage() != null
                || step.getTag() != null
                || step.getDigest() != null
                || metadataFile != null
                || inspect != null) {
            throw new AbortException(
                    "recordImage takes images: for several services with all that is known of them, or "
                            + "service: for one; do not mix them.");
        }
        if (given instanceof Map<?, ?> map) {
            add(ImageSet.fromMap(map));
        } else if (!(given instanceof CharSequence)) {
            throw new AbortException(
                    "recordImage takes images: as files of the workspace, as a map, or as JSON text, not as "
                            + StepArguments.kind(given) + ".");
        } else if (given.toString().startsWith("{")) {
            add(ImageSet.parse(given.toString()));
        } else {
            files = given.toString();
        }
    }

    private void add(ImageSet set) {
        if (set.isEmpty() && files == null) {
            log("Warning: images: names no service, so nothing is recorded.");
        }
        set.images().forEach((service, image) -> images.add(KnownImage.of(service, image)));
    }

    /** The parallel branches around the step, {@code outer/inner/}. */
    private String branch() throws IOException, InterruptedException {
        FlowNode node = getContext().get(FlowNode.class);
        String path = "";
        for (BlockStartNode block : node == null ? List.<BlockStartNode>of() : node.getEnclosingBlocks()) {
            ThreadNameAction parallel = block.getAction(ThreadNameAction.class);
            path = parallel == null ? path : parallel.getThreadName().replace('/', '_') + "/" + path;
        }
        return path;
    }

    @Override
    protected void subscribe() {
        runBlocking("What recordImage asks of the agent", this::resolve);
    }

    private void resolve() {
        try {
            if (!workspaceRead) {
                readWorkspace();
                workspaceRead = true;
                saveForRestart();
            }
            askRegistries();
        } catch (IOException | InterruptedException | RuntimeException e) {
            fail(e);
        }
    }

    private void readWorkspace() throws IOException, InterruptedException {
        String pattern = files;
        if (pattern != null) {
            readFiles(workspace("images:"), pattern);
        }
        String metadata = metadataFile;
        if (metadata != null) {
            KnownImage image = images.get(0);
            FilePath file = workspace("metadataFile:").child(metadata);
            boolean index = MetadataFile.addTo(image, metadata, new WorkspaceFile(file, metadata).read());
            if (!image.otherDigests().isEmpty() && !isAsked(image)) {
                log("Warning: " + metadata + " names " + (image.otherDigests().size() + 1) + " digests of "
                        + image.repository()
                        + ", of which the first is taken: ko writes that of the index first, and apko "
                        + "last. Without verify: false the registry says which one the tag has.");
            }
            if (index && !isAsked(image)) {
                log(metadata + " is of an index. If it was built for one platform, BuildKit has put attestations "
                        + "there, with which the digest is another one after every build: build with "
                        + "--provenance=false --sbom=false, or record one manifest with platform: 'linux/amd64'.");
            }
        }
        if (inspect != null) {
            new ImageInspection(inspect, getContext()).addTo(images.get(0));
        }
    }

    private FilePath workspace(String parameter) throws IOException, InterruptedException {
        FilePath workspace = getContext().get(FilePath.class);
        if (workspace == null) {
            throw new AbortException("recordImage reads " + parameter
                    + " from a workspace; call it inside node { … }, where the file is.");
        }
        return workspace;
    }

    private void readFiles(FilePath workspace, String pattern) throws IOException, InterruptedException {
        List<WorkspaceFile> found = WorkspaceFile.matching(workspace, pattern);
        if (found.isEmpty() || found.size() > MOST_FILES) {
            throw new AbortException((found.isEmpty()
                            ? "No file of the workspace matches images: "
                            : "More than " + MOST_FILES + " files of the workspace match images: ")
                    + pattern + "; give a pattern such as out/*.json for files of the form that images.json has.");
        }
        var all = ImageSet.EMPTY;
        for (WorkspaceFile file : found) {
            ImageSet set;
            try {
                set = ImageSet.parse(file.read());
            } catch (InvalidImagesException e) {
                throw new AbortException(file.name() + ": " + e.getMessage());
            }
            for (Map.Entry<String, ImageRef> image : set.images().entrySet()) {
                Optional<ImageRef> before = all.get(image.getKey());
                if (before.isPresent() && !before.get().equals(image.getValue())) {
                    throw new AbortException(file.name() + ": the service " + image.getKey() + " is "
                            + image.getValue().digestReference() + " here and "
                            + before.get().digestReference()
                            + " in another file; each service has one image.");
                }
            }
            if (set.isEmpty()) {
                log("Warning: " + file.name() + " names no service, so nothing is recorded from it.");
            }
            all = all.mergedWith(set);
        }
        add(all);
    }

    private void askRegistries() throws IOException, InterruptedException {
        Run<?, ?> run = need(Run.class);
        List<CompletableFuture<ResolvedImage>> answers = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        for (KnownImage image : images) {
            image.requireRepositoryAndTag();
            if (isAsked(image)) {
                var wanted = ImageQuery.of(image, Optional.ofNullable(platform));
                answers.add(RegistryAccess.get().resolve(wanted, run, credentialsId));
                asked.add(image.repository() + ":" + image.tag());
            } else {
                answers.add(CompletableFuture.completedFuture(new ResolvedImage(image.toImageRef(), List.of())));
            }
        }
        if (!asked.isEmpty()) {
            log("Asking the registry for " + (asked.size() == 1 ? asked.get(0) : asked.size() + " images"));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
        openSubscription(() -> () -> all.cancel(true));
        all.whenCompleteAsync(
                (nothing, failure) -> answered(answers),
                DriverRegistry.get().executors().callbacks());
    }

    /** Whether the registry is asked for an image: for what is not known, and for what nobody has said to believe. */
    private boolean isAsked(KnownImage image) {
        return image.digest() == null
                || platform != null
                || verify && RegistryAccess.get().isVerified(Objects.requireNonNull(image.repository()));
    }

    private void answered(List<CompletableFuture<ResolvedImage>> answers) {
        if (isEnded()) {
            return;
        }
        List<ResolvedImage> resolved = new ArrayList<>();
        Throwable first = null;
        for (CompletableFuture<ResolvedImage> answer : answers) {
            try {
                resolved.add(answer.join());
            } catch (CompletionException e) {
                if (first != null) {
                    log(e.getCause().getMessage());
                }
                first = first == null ? e.getCause() : first;
            }
        }
        try {
            if (first == null) {
                record(resolved);
            } else {
                fail(first);
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            fail(e);
        }
    }

    private void record(List<ResolvedImage> resolved) throws IOException, InterruptedException {
        Run<?, ?> run = need(Run.class);
        DeliveryAction before = lastSuccessful(run);
        List<RecordedImage> recorded = new ArrayList<>();
        for (int i = 0; i < resolved.size(); i++) {
            String service = images.get(i).service();
            ImageRef image = resolved.get(i).image();
            AppCommit commit = AppCommit.of(List.of(image.tag()), appSha);
            commit.disagreement().ifPresent(sentence -> log(service + ": " + sentence));
            recorded.add(new RecordedImage(
                    service,
                    image,
                    changed(before, service, image),
                    commit.sha().orElse(null),
                    branch));
        }
        DeliveryAction delivery = DeliveryAction.of(run);
        // One step after the other, so that the last file of all images contains all of them.
        synchronized (delivery) {
            delivery.record(recorded);
            ImageArtifacts.archive(run, need(TaskListener.class), recorded, delivery.toImageSet());
            ImageFingerprints.add(run, recorded);
        }
        Map<String, Object> results = new HashMap<>();
        for (int i = 0; i < recorded.size(); i++) {
            RecordedImage image = recorded.get(i);
            log("Recorded " + image.getService() + ": " + image.getTag() + ", "
                    + image.toImage().digest()
                    + (image.isChanged() ? "" : " (the same as in the last successful build)"));
            resolved.get(i).remarks().forEach(this::log);
            warnSharedDigest(delivery, image);
            results.put(image.getService(), result(image));
        }
        succeed(several ? results : results.values().iterator().next());
    }

    private void warnSharedDigest(DeliveryAction delivery, RecordedImage image) {
        delivery.getImages().stream()
                .filter(other -> other.getDigest().equals(image.getDigest())
                        && !other.getService().equals(image.getService()))
                .forEach(other -> log("The service " + image.getService() + " has the same image as "
                        + other.getService() + "; if that is not meant, look at image: of both."));
    }

    @CheckForNull
    private static DeliveryAction lastSuccessful(Run<?, ?> run) {
        Run<?, ?> before = run.getPreviousSuccessfulBuild();
        return before == null ? null : before.getAction(DeliveryAction.class);
    }

    private static boolean changed(@CheckForNull DeliveryAction before, String service, ImageRef image) {
        return before == null
                || before.image(service)
                        .map(known -> !known.toImage().digest().equals(image.digest()))
                        .orElse(true);
    }

    private static Map<String, Object> result(RecordedImage image) {
        Map<String, Object> result = new HashMap<>();
        result.put("service", image.getService());
        result.put("Tag", image.getTag());
        result.put("Digest", image.getDigest());
        result.put("changed", image.isChanged());
        return result;
    }

    @Override
    public String getStatus() {
        return workspaceRead ? "asking registries for images" : "reading what is known of images";
    }
}
