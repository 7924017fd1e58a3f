package hudson.tasks;

import hudson.model.Run;
import java.util.Map;
import java.util.TreeMap;
import jenkins.model.RunAction2;
import sandbox.RealController;

public class Fingerprinter {
    private Fingerprinter() {
        throw RealController.needed();
    }

    /** Implemented: fingerprints of a build, by file name. */
    public static final class FingerprintAction implements RunAction2 {
        private final Map<String, String> record;

        public FingerprintAction(Run build, Map<String, String> record) {
            this.record = new TreeMap<>(record);
        }

        public void add(Map<String, String> moreRecords) {
            record.putAll(moreRecords);
        }

        @Override
        public void onAttached(Run<?, ?> r) {}

        @Override
        public void onLoad(Run<?, ?> r) {}

        @Override
        public String getIconFileName() {
            return "fingerprint.png";
        }

        @Override
        public String getDisplayName() {
            return "See Fingerprints";
        }

        @Override
        public String getUrlName() {
            return "fingerprints";
        }
    }
}
