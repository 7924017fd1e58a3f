package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.KeyedDataStorage;
import java.io.IOException;

/** Living: takes keys of 32 hexadecimal digits, and no others. */
public final class FingerprintMap extends KeyedDataStorage<Fingerprint, FingerprintMap.FingerprintParams> {
    @NonNull
    public synchronized Fingerprint getOrCreate(
            @CheckForNull Run build, @NonNull String fileName, @NonNull String md5sum) throws IOException {
        if (!md5sum.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException(md5sum);
        }
        return super.getOrCreate(md5sum, new FingerprintParams(fileName));
    }

    @Override
    @NonNull
    protected Fingerprint create(@NonNull String md5sum, @NonNull FingerprintParams createParams) {
        return new Fingerprint(createParams.fileName);
    }

    static class FingerprintParams {
        final String fileName;

        FingerprintParams(@NonNull String fileName) {
            this.fileName = fileName;
        }
    }
}
