package sandbox.demo;

import java.net.URI;

/**
 * The way to an Argo CD that is there already.
 *
 * @param url without a slash at the end
 * @param token may make and delete projects, repositories, ApplicationSets and applications
 */
record ArgoCdAccess(URI url, String token) {

    /** Without the token. */
    @Override
    public String toString() {
        return url.toString();
    }
}
