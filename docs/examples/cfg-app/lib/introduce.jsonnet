// tags.json and digests.json of a wave after images were announced: their services take the announced values, all
// others keep theirs.
//
//   announced: {"<service>": {"Digest": "<repository>@sha256:...", "Tag": "<repository>:<tag>"}}
function(announced, tags, digests)
  local text(images) = if images == {} then '{}' else std.manifestJsonEx(images, '  ');
  {
    'tags.json': text(tags + { [service]: announced[service].Tag for service in std.objectFields(announced) }),
    'digests.json': text(digests + { [service]: announced[service].Digest for service in std.objectFields(announced) }),
  }
