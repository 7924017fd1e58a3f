package sandbox.runner;

import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.triggers.AnnouncementBuildStarter;
import io.jenkins.plugins.gitops.triggers.ImageAnnouncement;
import java.io.IOException;

/** The one job of a sandbox that announced images start a build of. There is no queue: it begins at once. */
final class AnnouncedJob implements AnnouncementBuildStarter {
    /** Where there is no job, none takes announcements. */
    static final AnnouncementBuildStarter NONE = (repository, announced) -> 0;

    private final Sandbox sandbox;
    private final BuildRequest request;

    private AnnouncedJob(Sandbox sandbox, BuildRequest request) {
        this.sandbox = sandbox;
        this.request = request;
    }

    /** The job as it was left, with its builds going on. */
    static AnnouncedJob in(Sandbox sandbox, BuildRequest request) throws IOException {
        sandbox.resumeAll(request, System.out);
        return new AnnouncedJob(sandbox, request);
    }

    @Override
    public int start(RepositoryDefinition repository, ImageAnnouncement announced) {
        if (!repository.allows(request.job())) {
            return 0;
        }
        sandbox.start(request, System.out, announced);
        return 1;
    }
}
