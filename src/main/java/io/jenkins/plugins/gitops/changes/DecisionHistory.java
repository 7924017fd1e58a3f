package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.git.TreeEdit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * The history of decided changes in the state ref. Decisions that were read before are cached, so that after another
 * decision only its file is read.
 *
 * <p>Not thread-safe.
 */
public final class DecisionHistory {

    private static final int MAX_SETS = 1000;

    private final Repository git;
    private Map<ObjectId, DecidedChange> known = Map.of();

    /** Sets of services, each once, since most changes of a repository have the same. */
    private final Map<SortedSet<String>, SortedSet<String>> services = new HashMap<>();

    private List<StateFileProblem> problems = List.of();
    private Newest last = new Newest(ObjectId.zeroId(), 0, List.of());

    private record Newest(ObjectId state, int count, List<DecidedChange> changes) {}

    public DecisionHistory(Repository git) {
        this.git = git;
    }

    /**
     * The latest decisions, newest first.
     *
     * @param state the tip of the state ref, {@link ObjectId#zeroId()} if there is none
     * @param count the number of decisions at most
     */
    public List<DecidedChange> newest(ObjectId state, int count) throws IOException {
        if (!last.state().equals(state) || last.count() != count) {
            last = new Newest(state.copy(), count, read(state, count));
        }
        return last.changes();
    }

    /** The files that could not be read of those that {@link #newest} looked at. */
    public List<StateFileProblem> problems() {
        return problems;
    }

    private List<DecidedChange> read(ObjectId state, int count) throws IOException {
        var decided = new ArrayList<DecidedChange>();
        var unreadable = new ArrayList<StateFileProblem>();
        var read = new HashMap<ObjectId, DecidedChange>();
        try (ObjectReader reader = git.newObjectReader();
                RevWalk walk = new RevWalk(reader)) {
            ObjectId tree = state.equals(ObjectId.zeroId())
                    ? state
                    : walk.parseCommit(state).getTree();
            for (var day : StateRef.days(reader, tree).descendingMap().entrySet()) {
                if (decided.size() >= count) {
                    break;
                }
                for (var file : TreeEdit.read(reader, day.getValue().id()).entrySet()) {
                    try {
                        DecidedChange change = read(reader, file.getValue());
                        read.put(file.getValue().id(), change);
                        decided.add(change);
                    } catch (IllegalArgumentException e) {
                        String path = StateRef.CHANGES + "/" + day.getKey() + file.getKey();
                        unreadable.add(new StateFileProblem(path.replaceFirst("/$", ""), e.getMessage()));
                    }
                }
            }
        }
        known = read;
        problems = List.copyOf(unreadable);
        decided.sort(Comparator.comparing(DecidedChange::at).reversed());
        return List.copyOf(decided.subList(0, Math.min(count, decided.size())));
    }

    private DecidedChange read(ObjectReader reader, TreeEdit.Entry file) throws IOException {
        DecidedChange before = known.get(file.id());
        return before != null ? before : sharing(DecidedChange.parse(TreeEdit.readJson(reader, file)));
    }

    private DecidedChange sharing(DecidedChange change) {
        if (services.size() >= MAX_SETS) {
            services.clear();
        }
        return change.with(change.trailers()
                .map(trailers -> trailers.withServices(
                        services.computeIfAbsent(trailers.services(), Collections::unmodifiableSortedSet))));
    }
}
