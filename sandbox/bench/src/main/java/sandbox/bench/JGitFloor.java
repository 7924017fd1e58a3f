package sandbox.bench;

import io.jenkins.plugins.gitops.changes.MergeNotes;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.ci.CheckReportLog;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.generation.GeneratedTrees;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.queue.AppendResult;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.ImageSetStore;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;

/**
 * Measures the least time that the delivery of a change can take with JGit. The commit is created before; the measured
 * part is a fetch, a push to auto, another fetch, and a push of main with state and notes.
 */
final class JGitFloor implements PairedMeasurement.Approach, AutoCloseable {

    static final String NAME = "JGit fetch and push";

    private static final PersonIdent WHO = new PersonIdent("GitOps Waves", "gitops-waves@example.com");
    private static final RefNames NAMES = new RefNames("main", "auto", RefNames.defaultState("main"));

    private final ConfigRepoClone repo;
    private final BenchImages images;
    private final RepositoryPacking server;
    private final URIish uri;
    private final AutoBranch autoBranch;
    private int version;
    private RefSnapshot before;
    private ObjectId commit = ObjectId.zeroId();
    private ObjectId state = ObjectId.zeroId();
    private ObjectId notes = ObjectId.zeroId();

    JGitFloor(Path repository, Path clone, BenchImages images) throws RepoUnavailable {
        this.images = images;
        server = new RepositoryPacking(repository);
        String url = repository.toUri().toString();
        repo = ConfigRepoClone.open(clone, url, () -> null);
        uri = new URIish().setScheme("file").setPath(repository.toString());
        autoBranch = new AutoBranch(
                repo.git(),
                new ImageSetStore(
                        repo.git(), BenchImages.LAYOUT, Map.of(WavePath.of(BenchImages.WAVE), BenchImages.FOLDER)),
                () -> WHO,
                "chore: update app to {shortSha}",
                false,
                new GeneratedTrees(repo.git(), PathPatterns.NONE, Optional.empty()));
    }

    @Override
    public void prepare() throws IOException, GitOpsException {
        server.beforeRun();
        before = repo.look(NAMES);
        ObjectId main = before.main().orElseThrow();
        version++;
        var appending = autoBranch
                .appender()
                .append(autoBranch.queue().read(main, main), MeasuredEngine.change(version, images.all(version)));
        commit = ((AppendResult.Commit) appending).commit().sha();
        state = new StateRef(repo.git(), CommitSigner.NONE, false).record(before.state(), List.of(), "Decided", WHO);
        notes = new MergeNotes(repo.git(), CommitSigner.NONE)
                .add(before.notes(), commit, List.of(), CheckReportLog.none(), "https://jenkins.example.com/", WHO);
    }

    @Override
    public void run() throws Exception {
        fetch();
        push(Map.of(NAMES.auto(), commit));
        fetch();
        push(Map.of(NAMES.main(), commit, NAMES.state(), state, RefNames.NOTES, notes));
    }

    private void fetch() throws Exception {
        try (Transport transport = Transport.open(repo.git(), uri)) {
            transport.fetch(
                    NullProgressMonitor.INSTANCE,
                    List.of(
                            new RefSpec("+refs/heads/*:refs/heads/*"),
                            new RefSpec("+refs/gitops-waves/*:refs/gitops-waves/*"),
                            new RefSpec("+refs/notes/*:refs/notes/*")));
        }
    }

    private void push(Map<String, ObjectId> refs) throws Exception {
        try (Transport transport = Transport.open(repo.git(), uri)) {
            transport.setPushAtomic(true);
            transport.setPushUseBitmaps(false);
            var updates = new ArrayList<RemoteRefUpdate>();
            for (var ref : refs.entrySet()) {
                updates.add(new RemoteRefUpdate(
                        repo.git(),
                        ref.getValue().name(),
                        ref.getValue(),
                        ref.getKey(),
                        true,
                        null,
                        before.get(ref.getKey())));
            }
            PushResult result = transport.push(NullProgressMonitor.INSTANCE, updates);
            for (RemoteRefUpdate update : result.getRemoteUpdates()) {
                if (update.getStatus() != RemoteRefUpdate.Status.OK) {
                    throw new IOException("Not pushed: " + update);
                }
            }
        }
    }

    @Override
    public void close() {
        repo.close();
    }
}
