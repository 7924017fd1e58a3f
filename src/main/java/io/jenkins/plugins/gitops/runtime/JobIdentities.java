package io.jenkins.plugins.gitops.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Job;
import io.jenkins.plugins.gitops.common.AtomicFile;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The identities of jobs in the order of their changes. An identity is the full name that a job had when it delivered
 * first, and is kept in the folder of the job, which Jenkins moves and renames with it. A job that is made anew under a
 * name that another has delivered by counts its builds anew, and gets a number behind the name.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class JobIdentities {

    private static final Logger LOGGER = Logger.getLogger(JobIdentities.class.getName());

    /** In the folder of a job. */
    private static final String FILE = "gitops-waves-identity";

    /** Below Jenkins' home: how many jobs have delivered by each name. */
    private static final String COUNTS = "gitops-waves/job-identities.json";

    /** A number behind the name that another job had before. */
    private static final Pattern NUMBERED = Pattern.compile("(?s)(.+)~(\\d{1,9})");

    /** The one instance of this controller. */
    public static JobIdentities get() {
        return ExtensionList.lookupSingleton(JobIdentities.class);
    }

    /** Returns the identity of a job, which it keeps from the first call on. */
    public synchronized String of(Job<?, ?> job) {
        String name = job.getFullName();
        Path file = job.getRootDir().toPath().resolve(FILE);
        String identity;
        try {
            identity = Files.exists(file) ? Files.readString(file).strip() : create(name, file);
        } catch (IOException | MalformedJsonException e) {
            LOGGER.log(Level.WARNING, "The order of the changes of " + name + " is lost when it is moved: " + file, e);
            return name;
        }
        try {
            count(identity);
        } catch (IOException | MalformedJsonException e) {
            LOGGER.log(
                    Level.WARNING,
                    "A job that is made anew under the name " + name + " would not count its builds anew: " + file(),
                    e);
        }
        return identity;
    }

    private static String create(String name, Path file) throws IOException {
        int count = counts().path(name).asInt() + 1;
        String identity = count == 1 ? name : name + "~" + count;
        AtomicFile.write(file, identity + "\n");
        return identity;
    }

    /**
     * Counts an identity, unless it is counted: after its file is written, so that a job whose file could not be written
     * gets the same one the next time; and again later, where a kill came between the two.
     */
    private static void count(String identity) throws IOException {
        ObjectNode known = counts();
        ObjectNode more = known.deepCopy();
        more.put(identity, Math.max(1, known.path(identity).asInt()));
        Matcher numbered = NUMBERED.matcher(identity);
        if (numbered.matches()) {
            String before = numbered.group(1);
            more.put(
                    before,
                    Math.max(
                            Integer.parseInt(numbered.group(2)),
                            known.path(before).asInt()));
        }
        if (!more.equals(known)) {
            AtomicFile.write(file(), Json.write(more));
        }
    }

    private static ObjectNode counts() throws IOException {
        ObjectNode known = Json.object();
        if (Files.exists(file())) {
            Json.parseStored(Files.readAllBytes(file()))
                    .properties()
                    .forEach(count -> known.set(count.getKey(), count.getValue()));
        }
        return known;
    }

    private static Path file() {
        return Jenkins.get().getRootDir().toPath().resolve(COUNTS);
    }
}
