package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.common.CommitSha;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The first line of the commit of a change, from a template: <code>{sha}</code> and <code>{shortSha}</code> are the
 * commit of the application, <code>{wave}</code> and <code>{set}</code> the names of the wave and of the image set,
 * <code>{services}</code> the services that the change sets, of which a few are named. Where the commit of the
 * application is not known, the services stand in its place.
 */
public final class CommitSubject {

    /** The template of repositories that do not set another. */
    public static final String DEFAULT_TEMPLATE = "chore: update app to {shortSha}";

    private static final String DEFAULT_WITHOUT_COMMIT = "chore: update {services}";

    private static final int MOST_NAMED = 5;

    private static final Set<String> PLACEHOLDERS = Set.of("sha", "shortSha", "wave", "set", "services");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w{1,40})}");

    private CommitSubject() {}

    /** Why a template cannot be used, as the end of a sentence that begins with the name of its field. */
    public static Optional<String> problem(String template) {
        Matcher found = PLACEHOLDER.matcher(template);
        while (found.find()) {
            if (!PLACEHOLDERS.contains(found.group(1))) {
                return Optional.of("has " + found.group() + ", which stands for nothing; use "
                        + PLACEHOLDERS.stream()
                                .sorted()
                                .map(name -> "{" + name + "}")
                                .collect(Collectors.joining(", "))
                        + ".");
            }
        }
        return Optional.empty();
    }

    /** Fills in a template. */
    public static String of(String template, NewChange change) {
        Optional<String> sha = change.trailers().appSha();
        String services = list(change.trailers().services());
        String used = sha.isEmpty() && template.equals(DEFAULT_TEMPLATE) ? DEFAULT_WITHOUT_COMMIT : template;
        return used.replace("{sha}", sha.orElse(services))
                .replace("{shortSha}", sha.map(CommitSha::abbreviate).orElse(services))
                .replace("{wave}", change.wavePath().wave())
                .replace("{set}", change.wavePath().set().orElse(""))
                .replace("{services}", services);
    }

    private static String list(Collection<String> services) {
        String named = services.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        int more = services.size() - MOST_NAMED;
        return more > 0 ? named + " and " + more + " more" : named;
    }
}
