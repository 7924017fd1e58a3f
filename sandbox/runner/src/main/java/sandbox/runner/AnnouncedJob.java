package sandbox.runner;

import io.jenkins.plugins.gitops.configuration.JobAuthorization;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.triggers.AnnouncementBuildStarter;
import io.jenkins.plugins.gitops.triggers.ImageAnnouncement;
import java.io.IOException;

/** Starts builds of the sandbox's only job when images are announced. There is no queue: a build starts at once. */
final class AnnouncedJob implements AnnouncementBuildStarter {
    /** Starts nothing, for a sandbox without a job. */
    static final AnnouncementBuildStarter NONE = (repository, announced) -> 0;

    private final Sandbox sandbox;
    private final BuildRequest request;

    private AnnouncedJob(Sandbox sandbox, BuildRequest request) {
        this.sandbox = sandbox;
        this.request = request;
    }

    /** Resumes the builds that were running when the sandbox ended. */
    static AnnouncedJob in(Sandbox sandbox, BuildRequest request) throws IOException {
        sandbox.resumeAll(request, System.out);
        return new AnnouncedJob(sandbox, request);
    }

    @Override
    public int start(RepositoryDefinition repository, ImageAnnouncement announced) {
        if (!JobAuthorization.ofJobNamed(repository, request.job()).allows(RepositoryPower.READ)) {
            return 0;
        }
        sandbox.start(request, System.out, announced);
        return 1;
    }
}
