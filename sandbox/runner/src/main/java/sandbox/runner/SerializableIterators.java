package sandbox.runner;

import com.cloudbees.groovy.cps.Continuable;
import com.google.common.collect.ImmutableList;
import java.io.Serializable;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Groovy category of serializable iterators over copies, so that a program can be saved inside a loop. */
public final class SerializableIterators {
    static final List<Class> CATEGORIES = ImmutableList.<Class>builder()
            .addAll(Continuable.categories)
            .add(SerializableIterators.class)
            .build();

    private SerializableIterators() {}

    public static <E> Iterator<E> iterator(List<E> elements) {
        return new Saved<>(new ArrayList<>(elements));
    }

    public static <E> Iterator<E> iterator(Set<E> elements) {
        return new Saved<>(new ArrayList<>(elements));
    }

    public static <E> Iterator<E> iterator(E[] elements) {
        return new Saved<>(new ArrayList<>(Arrays.asList(elements)));
    }

    public static <K, V> Set<Map.Entry<K, V>> entrySet(Map<K, V> entries) {
        LinkedHashSet<Map.Entry<K, V>> copies = new LinkedHashSet<>();
        entries.forEach((key, value) -> copies.add(new AbstractMap.SimpleImmutableEntry<>(key, value)));
        return copies;
    }

    public static <K> Set<K> keySet(Map<K, ?> entries) {
        LinkedHashSet<K> copies = new LinkedHashSet<>();
        entries.forEach((key, value) -> copies.add(key));
        return copies;
    }

    public static <V> Collection<V> values(Map<?, V> entries) {
        ArrayList<V> copies = new ArrayList<>();
        entries.forEach((key, value) -> copies.add(value));
        return copies;
    }

    public static <K, V> Iterator<Map.Entry<K, V>> iterator(Map<K, V> entries) {
        return new Saved<>(new ArrayList<>(entrySet(entries)));
    }

    private static final class Saved<E> implements Iterator<E>, Serializable {
        private static final long serialVersionUID = 1L;
        private final ArrayList<E> elements;
        private int next;

        Saved(ArrayList<E> elements) {
            this.elements = elements;
        }

        @Override
        public boolean hasNext() {
            return next < elements.size();
        }

        @Override
        public E next() {
            return elements.get(next++);
        }
    }
}
