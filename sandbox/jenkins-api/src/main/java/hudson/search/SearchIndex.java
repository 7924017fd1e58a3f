package hudson.search;

import java.util.List;

public interface SearchIndex {
    void find(String token, List<SearchItem> result);

    void suggest(String token, List<SearchItem> result);

    SearchIndex EMPTY = new SearchIndex() {
        @Override
        public void find(String token, List<SearchItem> result) {}

        @Override
        public void suggest(String token, List<SearchItem> result) {}
    };
}
