package io.jenkins.plugins.gitops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.RemoteRefUpdate;

/**
 * The packages of the plugin, called rooms: their order, and the types by which each may be used. The picture is in
 * docs/architecture.md.
 */
@AnalyzeClasses(packages = "io.jenkins.plugins.gitops", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.jenkins.plugins.gitops.";

    /** From the top. A room may use rooms of the lines below its own, and no other. */
    private static final List<List<String>> LAYERS = List.of(
            List.of("pages", "webhooks", "steps", "steps.gates", "steps.generator"),
            List.of("triggers", "gates"),
            List.of("steps.base", "steps.failures"),
            List.of("runtime", "build"),
            List.of("runtime.clones", "runtime.events"),
            List.of("runtime.executors"),
            List.of("configuration"),
            List.of("configuration.checks", "configuration.gates", "configuration.repository"),
            List.of("configuration.base", "api"),
            List.of("driver", "events"),
            List.of("explain"),
            List.of("promotion"),
            List.of("delivery"),
            List.of("queue"),
            List.of("generation"),
            List.of("changes"),
            List.of("waves"),
            List.of("ci.forges"),
            List.of("flux"),
            List.of("argocd", "registry"),
            List.of("ci", "git", "images"),
            List.of("git.remote", "worktree"),
            List.of("matching", "remote", "signing"),
            List.of("common"));

    /** The doors: the types of each room that other rooms may use. A room without a line has none. */
    private static final Map<String, Set<String>> DOORS = doors("""
        steps.base: AppCommit, BodyFolderExecution, BodyStep, BodyStepExecution, DeadlineExecution, GitOpsStep, GitOpsStepDescriptor, \
        ImageDigestsStep, ImageSetRequestingStep, ImageSetStep, LogLinks, RequestingExecution, RequestingStep, ResumableExecution, SavedCommand, \
        StateCommandExecution, StepArguments, TargetRevision, \
        WorkspaceFile
        steps.failures: ChecksFailed, RolloutFailed
        triggers: AnnouncementBuildStarter, ImageAnnouncement, PromotionBuildStarter, PromotionJobParameters, \
        QueueingAnnouncementStarter, QueueingPromotionStarter, StartedBuild, WavePromotionCause
        gates: SetApprover
        runtime: AppComparisons, DriverRegistry, GenerationAction, HookMonitor, JobIdentities, RegistryAccess
        runtime.clones: CloneOpener
        runtime.events: RepositoryEvents
        runtime.executors: BulkheadExecutor, PluginExecutors
        build: ChangeEntry, DeliveryAction, DeliveryStop, DryRunEntry, EntryState, ImageArtifacts, ImageFingerprints, \
        PromotionEntry, RecordedImage, RolloutEntry, SafeLinks, TimelineEntry, WaveStopLookup
        configuration: ArgoCdServerDefinition, ClusterDefinition, ConfigurationListener, FormBackend, GeneratorDefinition, \
        GitOpsWavesConfiguration, JobAuthorization, RegistryDefinition, RepositoryCredentials, RepositoryDefinition, RepositoryUrls, \
        SecretScopeConflicts, WaveDefinition
        configuration.checks: AppRepositoryDefinition, BitbucketCheckSource, CheckSource, ForgeCheckSource, ForgeProbe, GitHubCheckSource, GitLabCheckSource, \
        GiteaCheckSource, JenkinsJobCheckSource, RequiredCheckDefinition
        configuration.repository: NotificationDefinition, SignaturesDefinition, SigningDefinition
        configuration.gates: ApprovalsDefinition, GateDefinition, VerificationDefinition
        configuration.base: ClusterCredentials, ConnectionTest, CredentialTypes, FieldRules, FormAccess, GitOpsPermissions, \
        JobParameters, JobPatterns, KeyTexts, NamedSystemDefinition, PrivilegedSetting, PullRequestJobs, RemoteSystemDefinition, \
        RepositoryPower, SavedPrivileges, SecretScope, SharedSecret, VisibleItems
        api: GitOpsWavesListener
        driver: Driver, DriverLoop
        events: EventCursor, EventFeed, EventSink, EventType, LiveEvents, NotificationSettings, WaveEvent, WebhookSink
        explain: CloneServices, CommitStatusTexts, ControllerFacts, HistoryJson, JudgedQueue, MissedHookDetector, \
        ReleaseNames, RewriteTracker, StateJson, WhyReport
        promotion: Candidates, ConditionEvaluator, DeliveryFinder, IntakeWaitlist, PromotionEvaluator, PromotionInputs, \
        RollbackFinder, SignatureConditions, StateEditor, WaveAdmission, WaveRollouts, WaveStateReader
        delivery: ChangePreview, ChangeStatus, ConditionReport, DriverListener, DriverRequest, DuePromotion, \
        HookHealth, ImageDiff, PreparedPromotion, PromotionPreview, PromotionRequest, PromotionResult, RequestWithdrawal, RoundListener, \
        RepositorySettings, RepositorySettingsBuilder, RepositoryState, StateCommand, SubmittedChange
        queue: AppCommitLog, AppendResult, AutoBranch, ChangeAppender, CommitQueue, CommitQueueReader, ImageSetStore, MainCommit, \
        MainLog, MergePolicy, QueueReplayer, QueueVerdicts, ReplayResult
        generation: GeneratedTrees, GenerationBatch, GenerationRequest, GenerationTask, GenerationWorkQueue, \
        GeneratorBuild, GeneratorSettings, InputTrees
        changes: BuildSequence, ChangeOperation, ChangeTrailers, CheckRefs, CiSkipMarker, CommitSubject, DecidedChange, \
        DecisionHistory, MergeNotes, NewChange, Outcome, QueuedCommit, RejectionStore, StateEvent, StateFileProblem, \
        StateLog, StateRef, StateRepair
        waves: ApprovalRule, AutomatedRollback, DeployedSet, FanIn, GateAnswer, GateLookup, GateQuestion, GateRule, Gates, Hold, PastDeployment, PromotionCondition, PromotionWindow, \
        QualifiedSet, RejectedImages, SetApproval, VerificationResult, VerificationRule, Wave, WaveFile, WavePath, WaveState
        argocd: Application, ApplicationListing, ApplicationLookup, ArgoCdClient, ArgoCdSettings, ArgoCdWatch, \
        Rollout, RolloutJudge, RolloutRequirement, ServerSnapshot, TargetSelection, TargetState
        flux: ClusterLogin, ClusterLookup, ClusterSettings, ClusterSnapshot, ClusterUnavailable, ClusterWatch, \
        FluxJudge, FluxSelection, KubeconfigReader, KubernetesClient, TargetLookup
        registry: AuthDiscovery, ImageQuery, ImageResolver, ImageSignature, RegistryCredentials, RegistrySettings, ResolvedImage, \
        SignatureLookup, SignaturePolicy, SignatureWatch
        ci: CheckReport, CheckReportLog, CheckResult, CheckState, CheckStateMapping, CheckStatus, CheckWatch, CommitRange, \
        CommitRangeCache, CommitSource, OutgoingStatus, \
        RequiredCheck, RequiredCheckPolicy, SourceResponse, StatusLookup, StatusSource, StatusTarget, Verdict
        ci.forges: ForgeClient, ForgeSettings, RateLimit
        git: CommitGraph, CommitPeople, ConfigRepoClone, GitUrlEquivalence, PushResponse, RefChange, RefNames, RefSnapshot, Trailers, \
        TreeDiff, TreeEdit, TreeMerge
        git.remote: CredentialsSource, GitTransportException, OutageWords, RemoteRepository, SshAccess
        images: ImageRef, ImageRepositoryName, ImageSet, ImageSetLayout, InvalidImagesException, KnownImage, \
        MediaTypes, MetadataFile, RepoDigests
        signing: CommitSigner, CurrentSigner, SigningKeyReader, TrustedSigners
        worktree: AttributeRules, BodyChanges, ConfigTree, FileEntry, PathPatterns
        remote: AddressForm, BoundedBody, ConcurrencyLimiter, ConnectionFailure, ContentType, RemoteAddress, RetryAfter, \
        SecretLookup, SecretRedaction, StreamingBody
        matching: LabelSelector, WildcardMatch, WildcardPattern, WorkBudget
        common: ArgoCdUnavailable, AtomicFile, Backoff, CommitSha, ConfigConflict, DelayedExecutor, \
        Durations, ForgeUnavailable, Futures, GitOpsException, HexDigest, Json, \
        LatestValueSubscriber, MalformedJsonException, QuietPeriod, RegistryUnavailable, RepoMisconfigured, \
        RepoUnavailable, RequestRefused, ServiceUnavailable, SingleLine, Subscription, UsableName, WaveFrozen
        """);

    private static final String[] ENGINE = {
        ROOT + "argocd..",
        ROOT + "changes..",
        ROOT + "ci..",
        ROOT + "common..",
        ROOT + "delivery..",
        ROOT + "driver..",
        ROOT + "events..",
        ROOT + "explain..",
        ROOT + "generation..",
        ROOT + "git..",
        ROOT + "images..",
        ROOT + "matching..",
        ROOT + "promotion..",
        ROOT + "queue..",
        ROOT + "registry..",
        ROOT + "remote..",
        ROOT + "signing..",
        ROOT + "waves..",
        ROOT + "worktree.."
    };

    /** The simulators of the sandbox, which tests have on their class path. */
    private static final String SIMULATORS = "io.jenkins.plugins.gitops.world..";

    @ArchTest
    static final ArchRule THE_ENGINE_KNOWS_NO_JENKINS = noClasses()
            .that()
            .resideInAnyPackage(ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("hudson..", "jenkins..", "org.jenkinsci..", "org.kohsuke..", "net.sf.json..");

    @ArchTest
    static final ArchRule ENDPOINTS_KNOW_NO_SERVER = noClasses()
            .that()
            .resideInAPackage("io.jenkins.plugins.gitops.webhooks..")
            .and()
            .haveNameNotMatching(".*WebhookRootAction.*")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.kohsuke.stapler..", "jakarta.servlet..", "com.sun.net.httpserver..");

    @ArchTest
    static final ArchRule THE_ENGINE_REACHES_FOR_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage(ENGINE)
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Clock.class, "systemUTC")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    /** What others send is read as JSON and as git's objects alone, and nothing of it is run. */
    @ArchTest
    static final ArchRule NOTHING_READS_XML_OR_OBJECTS_OR_RUNS_PROGRAMS = noClasses()
            .that()
            .resideOutsideOfPackage(SIMULATORS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "javax.xml..",
                    "org.w3c.dom..",
                    "org.xml.sax..",
                    "org.yaml..",
                    "javax.script..",
                    "groovy..",
                    "org.codehaus.groovy..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                    java.io.ObjectInputStream.class,
                    java.net.URLClassLoader.class,
                    ProcessBuilder.class,
                    Runtime.class);

    /** Matchers that backtrack, or make regular expressions of patterns that others write, can run for ever. */
    @ArchTest
    static final ArchRule PATTERNS_OF_OTHERS_ARE_MATCHED_IN_BOUNDED_TIME = noClasses()
            .that()
            .resideOutsideOfPackage(SIMULATORS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.eclipse.jgit.ignore..", "org.eclipse.jgit.fnmatch..", "org.eclipse.jgit.attributes..")
            .orShould()
            .callMethod(java.nio.file.FileSystem.class, "getPathMatcher", String.class);

    /** Differences of texts that others write are within a budget: JGit's own would run for ever for some. */
    @ArchTest
    static void textsAreComparedInBoundedTime(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(ArchitectureTest::isOfARoom)
                        .filter(type -> type.getDirectDependenciesFromSelf().stream()
                                .map(dependency -> dependency.getTargetClass().getPackageName())
                                .anyMatch(used ->
                                        used.equals("org.eclipse.jgit.diff") || used.equals("org.eclipse.jgit.merge")))
                        .map(ArchitectureTest::outermost)
                        .distinct())
                .containsExactlyInAnyOrder("BoundedDiff", "TreeDiff", "TreeMerge", "UnionMerge");
    }

    @ArchTest
    static final ArchRule NOTHING_MERGES_OR_COMPARES_WITHOUT_A_BUDGET = noClasses()
            .that()
            .resideOutsideOfPackage(SIMULATORS)
            .should()
            .callConstructor(org.eclipse.jgit.merge.MergeAlgorithm.class)
            .orShould()
            .callMethod(
                    org.eclipse.jgit.diff.DiffAlgorithm.class,
                    "getAlgorithm",
                    org.eclipse.jgit.diff.DiffAlgorithm.SupportedAlgorithm.class)
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(org.eclipse.jgit.diff.HistogramDiff.class);

    /** Work for agents may never end: these classes do it, on the threads that a build has for it. */
    @ArchTest
    static void filesOfAgentsAreTouchedInFewPlaces(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(ArchitectureTest::isOfARoom)
                        .filter(type -> type.getMethodCallsFromSelf().stream()
                                .anyMatch(call -> Set.of("hudson.FilePath", "hudson.Launcher", "hudson.Proc")
                                                .contains(call.getTargetOwner().getName())
                                        && !Set.of("child", "getRemote", "getName")
                                                .contains(call.getName())))
                        .map(ArchitectureTest::outermost)
                        .distinct())
                .containsExactlyInAnyOrder("BodyFolder", "ImageInspection", "WorkspaceFile");
    }

    /** A client that is not told otherwise follows redirects to anywhere, or goes around the proxy. */
    @ArchTest
    static final ArchRule NOTHING_OPENS_ADDRESSES_ON_ITS_OWN = noClasses()
            .that()
            .resideOutsideOfPackage(SIMULATORS)
            .should()
            .callMethod(java.net.http.HttpClient.class, "newHttpClient")
            .orShould()
            .callMethod(java.net.URL.class, "openStream")
            .orShould()
            .callMethod(java.net.URL.class, "openConnection");

    /** A call that waits for an answer waits for all of its body, which may never end; this one closes the body. */
    @ArchTest
    static void onlyOneClientWaitsForAnswers(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(ArchitectureTest::isOfARoom)
                        .filter(type -> type.getMethodCallsFromSelf().stream()
                                .anyMatch(call -> call.getTargetOwner().isEquivalentTo(java.net.http.HttpClient.class)
                                        && call.getName().equals("send")))
                        .map(ArchitectureTest::outermost))
                .containsExactly("WebhookSink");
    }

    /**
     * What answers over HTTP may repeat the secrets that it was sent: who reads an answer redacts it. The types of the
     * room {@code remote} pass bytes and times on, {@code RateLimit} reads numbers, and {@code DirectConnection} hands
     * the header {@code Retry-After} to {@code RetryAfter}, which returns a duration.
     */
    @ArchTest
    static void answersOverHttpAreRedacted(JavaClasses classes) {
        Set<String> clients = Set.of(
                "java.net.http.HttpClient",
                "java.net.http.HttpResponse",
                "java.net.http.HttpResponse$ResponseInfo",
                "java.net.http.HttpHeaders");
        Map<String, Set<JavaClass>> readers = callers(classes, clients);

        assertThat(readers).containsKeys("ArgoCdClient", "ForgeHttpClient", "RetryingClient");
        assertThat(readers.values().stream()
                        .filter(types -> types.stream()
                                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                                .noneMatch(
                                        used -> outermost(used.getTargetClass()).equals("SecretRedaction")))
                        .flatMap(Set::stream)
                        .filter(type -> !room(type).equals("remote"))
                        .map(ArchitectureTest::outermost)
                        .distinct())
                .containsExactlyInAnyOrder("DirectConnection", "RateLimit");
    }

    /** As {@link #answersOverHttpAreRedacted}, for git: these types hand what they read to the remote repository. */
    @ArchTest
    static void answersOfGitAreRedacted(JavaClasses classes) {
        assertThat(callers(
                        classes,
                        Set.of(
                                "org.eclipse.jgit.transport.Transport",
                                "org.eclipse.jgit.transport.Connection",
                                "org.eclipse.jgit.transport.FetchConnection",
                                "org.eclipse.jgit.transport.PushConnection",
                                "org.eclipse.jgit.transport.PushResult")))
                .containsOnlyKeys("ConfigRepoClone", "PushProbe", "PushSession", "RemoteRepository");
        assertThat(classes.stream()
                        .filter(type -> isOfARoom(type)
                                && type.getMethodCallsFromSelf().stream()
                                        .anyMatch(call -> call.getName().equals("failure")
                                                && outermost(call.getTargetOwner())
                                                        .equals("RemoteRepository")))
                        .map(ArchitectureTest::outermost)
                        .distinct())
                .containsExactlyInAnyOrder("ConfigRepoClone", "PushProbe");
    }

    /** A push says which value each ref must still have, so that it takes nothing away that others have pushed. */
    @ArchTest
    static void everyPushHasALeaseOnEachRef(JavaClasses classes) {
        var updates = classes.stream()
                .filter(ArchitectureTest::isOfARoom)
                .flatMap(type -> type.getConstructorCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().isEquivalentTo(RemoteRefUpdate.class))
                .toList();

        assertThat(updates)
                .extracting(call -> outermost(call.getOriginOwner()))
                .containsOnly("PushProbe", "PushSession");
        assertThat(updates)
                .allSatisfy(call -> assertThat(call.getTarget().getRawParameterTypes())
                        .last()
                        .matches(expected -> expected.isEquivalentTo(ObjectId.class), "the value that is expected"));
        assertThat(callers(classes, Set.of("org.eclipse.jgit.api.PushCommand"))).isEmpty();
    }

    /** The types that call methods of some classes, by the name of their outermost type. */
    private static Map<String, Set<JavaClass>> callers(JavaClasses classes, Set<String> called) {
        return classes.stream()
                .filter(ArchitectureTest::isOfARoom)
                .filter(type -> type.getMethodCallsFromSelf().stream()
                        .anyMatch(call -> called.contains(call.getTargetOwner().getName())))
                .collect(groupingBy(ArchitectureTest::outermost, toSet()));
    }

    @ArchTest
    static void everyRoomUsesOnlyRoomsBelowIt(JavaClasses classes) {
        assertThat(uses(classes)
                        .filter(use -> layer(use.userRoom()) >= layer(use.usedRoom()))
                        .map(Use::toString))
                .isEmpty();
    }

    @ArchTest
    static void everyRoomIsUsedByItsDoorsOnly(JavaClasses classes) {
        assertThat(uses(classes)
                        .filter(use -> !door(use.usedRoom()).contains(use.used()))
                        .map(use -> use.userRoom() + "." + use.user() + " -> " + use.usedRoom() + "." + use.used()))
                .isEmpty();
    }

    @ArchTest
    static void everyDoorIsUsed(JavaClasses classes) {
        Set<String> used =
                uses(classes).map(use -> use.usedRoom() + "." + use.used()).collect(toSet());

        assertThat(DOORS.entrySet().stream()
                        .flatMap(room -> room.getValue().stream().map(type -> room.getKey() + "." + type))
                        .filter(door -> !used.contains(door)))
                .isEmpty();
    }

    /** The picture has an arrow for each use that does not follow from others. */
    @ArchTest
    static void theDrawingShowsWhatEachRoomUses(JavaClasses classes) throws IOException {
        Map<String, Set<String>> used = uses(classes)
                .collect(groupingBy(Use::userRoom, TreeMap::new, mapping(Use::usedRoom, toCollection(TreeSet::new))));

        assertThat(drawing()).containsExactlyInAnyOrderElementsOf(direct(used));
    }

    /** The uses that do not follow from others, as {@code user -> used}. */
    private static List<String> direct(Map<String, Set<String>> used) {
        return used.entrySet().stream()
                .flatMap(user -> user.getValue().stream()
                        .filter(room -> user.getValue().stream()
                                .noneMatch(other -> !other.equals(room) && reaches(used, other, room)))
                        .map(room -> user.getKey() + " -> " + room))
                .toList();
    }

    private static boolean reaches(Map<String, Set<String>> used, String from, String room) {
        return used.getOrDefault(from, Set.of()).stream()
                .anyMatch(next -> next.equals(room) || reaches(used, next, room));
    }

    /** The arrows of the first drawing in docs/architecture.md, as {@code user -> used}. */
    private static List<String> drawing() throws IOException {
        String page = Files.readString(JenkinsSymbolsTest.project().resolve("docs/architecture.md"));
        String drawing = page.substring(page.indexOf("```mermaid"), page.indexOf("```\n", page.indexOf("```mermaid")));
        var arrows = new ArrayList<String>();
        for (String line : drawing.lines().filter(each -> each.contains("-->")).toList()) {
            List<List<String>> groups = Stream.of(line.split("-->"))
                    .map(group -> Stream.of(group.split("&")).map(String::strip).toList())
                    .toList();
            for (int i = 1; i < groups.size(); i++) {
                for (String user : groups.get(i - 1)) {
                    groups.get(i).forEach(room -> arrows.add(user + " -> " + room));
                }
            }
        }
        return arrows;
    }

    /** A use of a type of one room by a type of another; nested types count as their outermost type. */
    private record Use(String userRoom, String user, String usedRoom, String used) {
        @Override
        public String toString() {
            return user + " -> " + used;
        }
    }

    private static Stream<Use> uses(JavaClasses classes) {
        return classes.stream()
                .filter(ArchitectureTest::isOfARoom)
                .flatMap(user -> user.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(used -> isOfARoom(used) && !room(used).equals(room(user)))
                        .map(used -> new Use(room(user), outermost(user), room(used), outermost(used))))
                .distinct();
    }

    /** Whether a class is of the plugin and written by hand. */
    private static boolean isOfARoom(JavaClass type) {
        return type.getPackageName().startsWith(ROOT)
                && !type.getPackageName().startsWith(ROOT + "world")
                && !outermost(type).equals("Messages");
    }

    private static String room(JavaClass type) {
        return type.getPackageName().substring(ROOT.length());
    }

    private static String outermost(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        return name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
    }

    /** The position of a room in the order: the higher, the more rooms may use it. */
    private static int layer(String room) {
        for (int layer = 0; layer < LAYERS.size(); layer++) {
            if (LAYERS.get(layer).contains(room)) {
                return layer;
            }
        }
        throw new AssertionError("The package " + room + " is not in the list of rooms");
    }

    private static Set<String> door(String room) {
        return DOORS.getOrDefault(room, Set.of());
    }

    private static Map<String, Set<String>> doors(String lines) {
        return lines.lines()
                .map(line -> line.split(": "))
                .collect(toMap(line -> line[0], line -> Set.of(line[1].split(", "))));
    }
}
