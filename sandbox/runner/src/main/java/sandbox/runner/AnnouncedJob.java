package sandbox.runner;

import io.jenkins.plugins.gitops.configuration.ConfigRepository;
import io.jenkins.plugins.gitops.triggers.AnnouncedBuilds;
import io.jenkins.plugins.gitops.triggers.AnnouncedImages;
import java.io.IOException;

/** The one job of a sandbox that announced images start a build of. There is no queue: it begins at once. */
final class AnnouncedJob implements AnnouncedBuilds {
    /** Where there is no job, none takes announcements. */
    static final AnnouncedBuilds NONE = (repository, announced) -> 0;

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
    public int start(ConfigRepository repository, AnnouncedImages announced) {
        if (!repository.allows(request.job())) {
            return 0;
        }
        sandbox.start(request, System.out, announced);
        return 1;
    }
}
