package hudson.search;

public interface SearchIndex {
    SearchIndex EMPTY = new SearchIndex() {};
}
