package hudson.search;

public class SuggestedItem {
    public final SearchItem item;

    public SuggestedItem(SearchItem top) {
        this.item = top;
    }
}
