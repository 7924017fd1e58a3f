package io.jenkins.plugins.gitops.world;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A commit of a clone, whose files are listed once for all applications that deploy from it. */
public final class GitCommit {

    private static final Pattern IMAGE = Pattern.compile("[\\s-]*\"?image\"?:\\s*[\"']?([^\\s\"'#]+).*");

    private final Path repository;
    private final String sha;
    private Map<String, String> ids;
    private TreeMap<String, List<String>> images;

    GitCommit(Path repository, String sha) {
        this.repository = repository;
        this.sha = sha;
    }

    public String sha() {
        return sha;
    }

    /** The object id of a folder or file, or empty if there is none. The whole tree is called the empty path. */
    public synchronized Optional<String> id(String path) {
        if (ids == null) {
            ids = new TreeMap<>();
            ids.put("", GitCli.run(repository, "rev-parse", sha + "^{tree}").strip());
            for (String line :
                    GitCli.run(repository, "ls-tree", "-r", "-t", "-z", sha).split("\0")) {
                int tab = line.indexOf('\t');
                if (tab > 0) {
                    ids.put(line.substring(tab + 1), line.substring(0, tab).split(" ")[2]);
                }
            }
        }
        return Optional.ofNullable(ids.get(path));
    }

    /** The text of a file, or empty if there is none. */
    public Optional<String> read(String path) {
        return id(path).map(id -> GitCli.run(repository, "cat-file", "blob", id));
    }

    /** The images that the files below a folder name in lines that begin with {@code image:}. */
    public synchronized List<String> imagesBelow(String path) {
        if (images == null) {
            images = findImages();
        }
        // The next character after the slash ends everything that is below the folder.
        Map<String, List<String>> below = path.isEmpty() ? images : images.subMap(path + "/", path + "0");
        return below.values().stream().flatMap(Collection::stream).distinct().toList();
    }

    private TreeMap<String, List<String>> findImages() {
        var found = new TreeMap<String, List<String>>();
        String[] grep = {"grep", "-I", "-z", "-E", "-e", "^[ -]*\"?image\"?:", sha};
        // No such line makes git fail.
        if (GitCli.succeeds(repository, grep)) {
            for (String line : GitCli.run(repository, grep).split("\n")) {
                int end = line.indexOf('\0');
                Matcher image = IMAGE.matcher(line.substring(end + 1));
                if (image.matches()) {
                    String file = line.substring(sha.length() + 1, end);
                    found.computeIfAbsent(file, unseen -> new ArrayList<>()).add(image.group(1));
                }
            }
        }
        return found;
    }
}
