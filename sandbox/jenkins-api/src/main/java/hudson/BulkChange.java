package hudson;

import hudson.model.Saveable;
import java.io.Closeable;
import java.io.IOException;
import sandbox.RealController;

public class BulkChange implements Closeable {
    public BulkChange(Saveable saveable) {
        throw RealController.needed();
    }

    public void commit() throws IOException {
        throw RealController.needed();
    }

    @Override
    public void close() {
        throw RealController.needed();
    }

    public void abort() {
        throw RealController.needed();
    }

    public static boolean contains(Saveable s) {
        throw RealController.needed();
    }
}
