package io.jenkins.plugins.gitops.gates;

import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.Cause;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.User;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.RequestWithdrawal;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.core.Authentication;

/**
 * Records approvals of people: looks up whether the wave lets them approve, and, where it asks for that, that they did
 * not start a build that delivered the set. Callers have checked the permission.
 */
@Restricted(NoExternalUse.class)
public final class SetApprover {

    /** Of a chain of builds that started each other. */
    private static final int MAX_CAUSES = 100;

    private static final Pattern BUILD = Pattern.compile("((?:job/[^/]+/)+)(\\d{1,9})/?");

    /** Before the name of a user, which is then not that of a group. */
    private static final String USER = "user:";

    /** Before the name of a group: whoever may choose an own id could take that of a group else. */
    private static final String GROUP = "group:";

    private final String repository;
    private final WavePath path;
    private final String revision;

    /**
     * An approver of one set.
     *
     * @param path the wave that it may be promoted into
     * @param revision a commit of main, maybe abbreviated, in which a previous wave has the set
     */
    public SetApprover(String repository, WavePath path, String revision) {
        this.repository = repository;
        this.path = path;
        this.revision = revision;
    }

    /**
     * A person.
     *
     * @param id of the user
     * @param groups the names of the groups that the user is in
     */
    public record Person(String id, Set<String> groups) {

        /** The person whom an authentication is of. */
        public static Person of(Authentication authentication) {
            var groups = new TreeSet<String>();
            authentication.getAuthorities().forEach(authority -> groups.add(authority.getAuthority()));
            return new Person(known(authentication.getName()), groups);
        }

        /**
         * The id as Jenkins has it: in most directories upper and lower case are one, and who logs in with another
         * spelling is not another person.
         */
        private static String known(String id) {
            User user = User.getById(id, true);
            return user == null ? id : user.getId();
        }
    }

    /**
     * Records the approval of a person, unless that is withdrawn before; fails with a {@link RequestRefused} if the
     * person may not approve.
     */
    public CompletableFuture<DriverRequest.ApplyStateCommand.Effect> approve(
            Person person, String comment, Instant now, RequestWithdrawal withdrawal) {
        ApprovalRule rule;
        String right;
        try {
            rule = GitOpsWavesConfiguration.get()
                    .repository(repository)
                    .toSettings()
                    .wave(path)
                    .gates()
                    .approvals();
            right = right(rule, person)
                    .orElseThrow(() -> new RequestRefused(
                            person.id() + " may not approve for " + path + "; these may: " + rule.approvers() + "."));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(new RequestRefused(e.getMessage()));
        } catch (RequestRefused e) {
            return CompletableFuture.failedFuture(e);
        }
        var approval = new StateCommand.ApproveSet(path, revision, shown(), person.id(), right, comment, now);
        CompletableFuture<Void> independent = rule.notAuthor()
                ? DriverRegistry.get()
                        .submit(repository, new DriverRequest.FindDeliveries(path, revision))
                        .thenAcceptAsync(
                                builds -> checkNotAuthor(person, builds),
                                DriverRegistry.get().executors().callbacks())
                : CompletableFuture.completedFuture(null);
        return independent.thenCompose(nothing ->
                DriverRegistry.get().submit(repository, new DriverRequest.ApplyStateCommand(approval), withdrawal));
    }

    /** Takes the approval of a person back, unless that is withdrawn before. */
    public CompletableFuture<DriverRequest.ApplyStateCommand.Effect> withdraw(
            Person person, RequestWithdrawal withdrawal) {
        return DriverRegistry.get()
                .submit(
                        repository,
                        new DriverRequest.ApplyStateCommand(
                                new StateCommand.WithdrawApproval(path, revision, shown(), person.id())),
                        withdrawal);
    }

    /** The identity of the set that pages and steps offer for approval now, if it is of the commit that is named. */
    private Optional<String> shown() {
        return DriverRegistry.get().state(repository).stream()
                .flatMap(state -> state.waves().stream())
                .filter(wave -> wave.path().equals(path))
                .flatMap(wave -> wave.live().stream())
                .flatMap(live -> live.next().stream())
                .filter(next -> !next.sha().isEmpty() && next.sha().startsWith(revision.toLowerCase(Locale.ROOT)))
                .map(RepositoryState.NextPromotion::identity)
                .filter(identity -> !identity.isEmpty())
                .findFirst();
    }

    /** The name in the rule by which a person may approve; empty text if everybody may. */
    static Optional<String> right(ApprovalRule rule, Person person) {
        if (rule.from().isEmpty()) {
            return Optional.of("");
        }
        return rule.from().stream().filter(name -> isNamed(name, person)).findFirst();
    }

    /** Whether a name of a rule is that of a person or of one of the person's groups, if it does not say which it is. */
    private static boolean isNamed(String name, Person person) {
        if (name.startsWith(USER)) {
            return name.substring(USER.length()).equals(person.id());
        }
        if (name.startsWith(GROUP)) {
            return person.groups().contains(name.substring(GROUP.length()));
        }
        return name.equals(person.id()) || person.groups().contains(name);
    }

    private void checkNotAuthor(Person person, List<DriverRequest.DeliveringBuild> builds) {
        for (DriverRequest.DeliveringBuild delivering : builds) {
            Run<?, ?> build = find(delivering.url());
            // A job that was made anew has other builds under the same numbers.
            Optional<Set<String>> starters =
                    build != null && hasDelivered(build, delivering.change()) ? starters(build) : Optional.empty();
            if (starters.isEmpty()) {
                throw refusal("who started the build " + delivering.url()
                        + ", which delivered it, is not known here any more; approve on the controller that has it, or"
                        + " deliver it anew.");
            }
            if (starters.get().contains(person.id())) {
                throw refusal(person.id() + " has started " + build.getFullDisplayName()
                        + ", which delivered it; somebody else has to approve.");
            }
        }
    }

    private CompletionException refusal(String why) {
        return new CompletionException(new RequestRefused("The set is not approved for " + path + ": " + why));
    }

    @Nullable
    private static Run<?, ?> find(String url) {
        String root = Jenkins.get().getRootUrl();
        Matcher build = BUILD.matcher(root != null && url.startsWith(root) ? url.substring(root.length()) : "");
        if (!build.matches()) {
            return null;
        }
        String job = build.group(1).replaceAll("(^|/)job/", "$1").replaceAll("/$", "");
        String name = URLDecoder.decode(job.replace("+", "%2B"), StandardCharsets.UTF_8);
        // Whoever approves need not see the job.
        return VisibleItems.findAsController(name, Job.class)
                .map(found -> ((Job<?, ?>) found).getBuildByNumber(Integer.parseInt(build.group(2))))
                .orElse(null);
    }

    private static boolean hasDelivered(Run<?, ?> build, String change) {
        DeliveryAction delivered = build.getAction(DeliveryAction.class);
        return delivered != null && delivered.change(change).isPresent();
    }

    /**
     * The users who started a build, or one that started it; empty where Jenkins has dropped causes of a long chain, or
     * there are more than can be looked at.
     */
    static Optional<Set<String>> starters(Run<?, ?> build) {
        var starters = new HashSet<String>();
        var causes = new ArrayDeque<>(build.getCauses());
        for (int looked = 0; looked < MAX_CAUSES && !causes.isEmpty(); looked++) {
            Cause cause = causes.poll();
            if (cause instanceof Cause.UserIdCause user && user.getUserId() != null) {
                starters.add(Person.known(user.getUserId()));
            } else if (cause instanceof Cause.UpstreamCause upstream) {
                causes.addAll(upstream.getUpstreamCauses());
            } else if (cause instanceof Cause.UpstreamCause.DeeplyNestedUpstreamCause) {
                return Optional.empty();
            }
        }
        return causes.isEmpty() ? Optional.of(starters) : Optional.empty();
    }
}
