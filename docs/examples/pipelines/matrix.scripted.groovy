// One cell for each service of a monorepo; all images go into one change.
def cells = [:]
for (String name in ['shop', 'blog', 'search']) {
    def service = name
    cells[service] = {
        node {
            checkout scm
            def sha = sh(script: 'git rev-parse HEAD', returnStdout: true).trim()
            dir(service) {
                withEnv(["SERVICE=${service}", "TAG=${sha}"]) { sh '../build "$SERVICE" "$TAG"' }
                recordImage(
                    service: service, image: "docker.example.com/acme/${service}", tag: sha, metadataFile: "${service}.json")
            }
        }
    }
}
parallel cells
commitConfig(wave: 'staging')
waitForCiAndMerge()
