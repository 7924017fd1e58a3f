package sandbox.runner;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The repository that {@code scm} stands for in a Jenkinsfile.
 *
 * @param url what git clones: an address, or the path of a folder
 * @param ref the branch, tag or commit that is checked out; {@code HEAD} for the branch that the repository names
 */
public record ScmSource(String url, String ref) implements Serializable {

    /** Parses {@code URL} or {@code URL@REF}. An at sign before the last slash or colon is of a user. */
    static ScmSource parse(String text) throws UsageException {
        int at = text.lastIndexOf('@');
        boolean hasRef = at > Math.max(text.lastIndexOf(':'), text.indexOf('/'));
        String url = hasRef ? text.substring(0, at) : text;
        String ref = hasRef ? text.substring(at + 1) : "HEAD";
        if (url.isBlank() || ref.isBlank() || url.startsWith("-") || ref.startsWith("-")) {
            throw new UsageException("--scm takes URL or URL@REF, such as ../app.git@main, not '" + text + "'.");
        }
        // A folder is named from where the command is called, and cloned from a workspace.
        Path folder = Path.of(url);
        return new ScmSource(Files.isDirectory(folder) ? folder.toAbsolutePath().toString() : url, ref);
    }
}
