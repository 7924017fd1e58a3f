package sandbox.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DocsLinksTest {

    @Test
    void everyLinkLeadsToSomething() {
        List<String> dead = new ArrayList<>();
        int followed = 0;
        for (MarkdownPage page : MarkdownPage.pages()) {
            for (String link : page.links()) {
                if (!link.matches("[a-z]+:.*")) {
                    followed++;
                    if (!resolves(page, link)) {
                        dead.add(page.name() + ": " + link);
                    }
                }
            }
        }

        assertThat(dead).isEmpty();
        assertThat(followed).isGreaterThan(50);
    }

    private static boolean resolves(MarkdownPage page, String link) {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target =
                path.isEmpty() ? page.file() : page.file().resolveSibling(path).normalize();
        return Files.exists(target)
                && (hash < 0 || MarkdownPage.read(target).anchors().contains(link.substring(hash + 1)));
    }

    @Test
    void everyPageCanBeFoundFromTheFirst() {
        var reached = new TreeSet<Path>();
        List<Path> next = new ArrayList<>(List.of(MarkdownPage.PROJECT.resolve("README.md")));
        while (!next.isEmpty()) {
            Path file = next.remove(0);
            if (reached.add(file)) {
                for (String link : MarkdownPage.read(file).links()) {
                    Path target =
                            file.resolveSibling(link.replaceFirst("#.*", "")).normalize();
                    Path page = Files.isDirectory(target) ? target.resolve("README.md") : target;
                    if (!link.matches("[a-z]+:.*") && page.toString().endsWith(".md") && Files.exists(page)) {
                        next.add(page);
                    }
                }
            }
        }

        assertThat(MarkdownPage.pages().stream()
                        .filter(page -> page.name().startsWith("docs/"))
                        .filter(page -> !reached.contains(page.file()))
                        .map(MarkdownPage::name)
                        .collect(Collectors.toList()))
                .isEmpty();
    }
}
