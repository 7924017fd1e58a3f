package hudson.tasks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import java.util.Map;
import java.util.TreeMap;
import jenkins.model.RunAction2;
import sandbox.RealController;

public class Fingerprinter {
    private Fingerprinter() {
        throw RealController.needed();
    }

    /** Living: what a build has, by name. */
    public static final class FingerprintAction implements RunAction2 {
        private final Map<String, String> record;

        public FingerprintAction(Run build, Map<String, String> record) {
            this.record = new TreeMap<>(record);
        }

        public void add(Map<String, String> moreRecords) {
            record.putAll(moreRecords);
        }

        public Map<String, String> getRecords() {
            return record;
        }

        @Override
        public void onAttached(Run<?, ?> r) {}

        @Override
        public void onLoad(Run<?, ?> r) {}

        @Override
        @CheckForNull
        public String getIconFileName() {
            return "fingerprint.png";
        }

        @Override
        public String getDisplayName() {
            return "See Fingerprints";
        }

        @Override
        @CheckForNull
        public String getUrlName() {
            return "fingerprints";
        }
    }
}
