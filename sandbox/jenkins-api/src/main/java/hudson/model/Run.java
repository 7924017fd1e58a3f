package hudson.model;

import hudson.EnvVars;
import hudson.ExtensionPoint;
import hudson.FilePath;
import hudson.Launcher;
import hudson.XmlFile;
import hudson.security.AccessControlled;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import jenkins.model.ArtifactManager;
import jenkins.model.Jenkins;
import jenkins.model.RunAction2;

/** Implemented: number, start time, result and actions, saved in {@code build.xml}, and artifacts. */
public abstract class Run<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends Actionable
        implements ExtensionPoint, Comparable<RunT>, AccessControlled, PersistenceRoot {

    protected final transient JobT project;

    public transient /*final*/ int number;
    private long timestamp;
    private Result result;
    private String description;

    protected Run(JobT job) throws IOException {
        this.project = job;
        this.number = job.assignBuildNumber();
        this.timestamp = System.currentTimeMillis();
    }

    /** Loads a saved build from its folder. */
    protected Run(JobT project, File buildDir) throws IOException {
        this.project = project;
        this.number = Integer.parseInt(buildDir.getName());
        reload();
    }

    public void reload() throws IOException {
        if (dataFile().exists()) {
            dataFile().unmarshal(this);
        }
        for (RunAction2 action : getActions(RunAction2.class)) {
            action.onLoad(this);
        }
    }

    private XmlFile dataFile() {
        return new XmlFile(new File(getRootDir(), "build.xml"));
    }

    @Override
    public void addAction(Action a) {
        super.addAction(a);
        if (a instanceof RunAction2 attached) {
            attached.onAttached(this);
        }
    }

    public Result getResult() {
        return result;
    }

    public void setResult(Result r) {
        if (result == null || r.isWorseThan(result)) {
            result = r;
        }
    }

    /** True unless a subclass says that the build has ended. */
    public boolean isBuilding() {
        return true;
    }

    public JobT getParent() {
        return project;
    }

    public String getDescription() {
        return description;
    }

    public void setDescription(String description) throws IOException {
        this.description = description;
        save();
    }

    public String getFullDisplayName() {
        return project.getFullDisplayName() + " " + getDisplayName();
    }

    @Override
    public String getDisplayName() {
        return "#" + number;
    }

    public final long getTimeInMillis() {
        return timestamp;
    }

    /** Milliseconds; 0 unless a subclass measures it. */
    public long getDuration() {
        return 0;
    }

    public int getNumber() {
        return number;
    }

    public RunT getPreviousBuild() {
        for (int n = number - 1; n > 0; n--) {
            RunT found = project.getBuildByNumber(n);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    public RunT getPreviousSuccessfulBuild() {
        RunT run = getPreviousBuild();
        while (run != null && (run.isBuilding() || run.getResult() != Result.SUCCESS)) {
            run = run.getPreviousBuild();
        }
        return run;
    }

    public List<Cause> getCauses() {
        CauseAction action = getAction(CauseAction.class);
        return action == null ? List.of() : action.getCauses();
    }

    /** Null: builds of the sandbox have no executor. */
    public Executor getExecutor() {
        return null;
    }

    public <T extends Cause> T getCause(Class<T> type) {
        return getCauses().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    public String getUrl() {
        return project.getUrl() + number + "/";
    }

    public String getId() {
        return Integer.toString(number);
    }

    @Override
    public File getRootDir() {
        return new File(project.getBuildDir(), Integer.toString(number));
    }

    /** Stores artifacts below the build's folder {@code archive}. */
    public final synchronized ArtifactManager pickArtifactManager() throws IOException {
        return new ArtifactManager() {
            @Override
            public void archive(
                    FilePath workspace, Launcher launcher, BuildListener listener, Map<String, String> artifacts)
                    throws IOException, InterruptedException {
                for (Map.Entry<String, String> artifact : artifacts.entrySet()) {
                    FilePath to = new FilePath(new File(getRootDir(), "archive/" + artifact.getKey()));
                    try (InputStream from = workspace.child(artifact.getValue()).read();
                            OutputStream out = to.write()) {
                        from.transferTo(out);
                    }
                }
            }
        };
    }

    @Override
    public void save() throws IOException {
        dataFile().write(this);
    }

    public EnvVars getEnvironment(TaskListener listener) throws IOException, InterruptedException {
        String name = project.getFullName();
        EnvVars env = new EnvVars(
                "BUILD_NUMBER",
                getId(),
                "BUILD_ID",
                getId(),
                "BUILD_TAG",
                "jenkins-" + name.replace('/', '-') + "-" + number,
                "BUILD_URL",
                Jenkins.get().getRootUrl() + getUrl(),
                "JENKINS_URL",
                Jenkins.get().getRootUrl(),
                "JOB_NAME",
                name,
                "JOB_BASE_NAME",
                name.substring(name.lastIndexOf('/') + 1),
                "JOB_URL",
                Jenkins.get().getRootUrl() + project.getUrl());
        getActions(EnvironmentContributingAction.class).forEach(action -> action.buildEnvironment(this, env));
        return env;
    }

    public String getExternalizableId() {
        return project.getFullName() + "#" + number;
    }

    @Override
    public int compareTo(RunT that) {
        return Integer.compare(number, that.number);
    }

    @Override
    public String toString() {
        return getExternalizableId();
    }
}
