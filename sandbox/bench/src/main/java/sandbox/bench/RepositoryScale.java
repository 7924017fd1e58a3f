package sandbox.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The parameters of a benchmark that runs on one repository.
 *
 * @param files the number of files besides the images
 * @param services the number of services in the wave
 * @param latency the delay before each answer of the git server over HTTP; zero if the repository is reached as a file
 */
record RepositoryScale(int files, int services, Duration latency) {

    /** A repository that is reached as a file. */
    static RepositoryScale of(int files, int services) {
        return new RepositoryScale(files, services, Duration.ZERO);
    }

    /** The same repository on a server. */
    RepositoryScale over(Duration delay) {
        return new RepositoryScale(files, services, delay);
    }

    BenchImages images() {
        return new BenchImages(services);
    }

    boolean isOverHttp() {
        return !latency.isZero();
    }

    /** The parameters by name; latency in milliseconds. */
    Map<String, Integer> parameters() {
        var parameters = new LinkedHashMap<String, Integer>();
        parameters.put("files", files);
        parameters.put("services", services);
        parameters.put("latency", (int) latency.toMillis());
        return parameters;
    }

    /** The same with the length of a queue. */
    Map<String, Integer> parameters(int queue) {
        Map<String, Integer> parameters = parameters();
        parameters.put("queue", queue);
        return parameters;
    }

    /** The name of a folder for repositories of this scale. */
    String folder() {
        return "files-" + files + "-services-" + services + "-latency-" + latency.toMillis();
    }
}
