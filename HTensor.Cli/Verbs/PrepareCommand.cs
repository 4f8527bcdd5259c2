using System.CommandLine;

namespace HTensor.Cli;

/// <summary><c>htensor prepare FOLDER --size 160x120 --frames 6 --out D.npz</c>.</summary>
internal static class PrepareCommand
{
    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var folder = new Argument<string>("FOLDER") { Description = "videos by class, class/clip.avi or class/group/clip.avi" };
        folder.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (!Directory.Exists(token.Value)) result.AddError($"FOLDER: expected a folder, found nothing at {token.Value}");
        });
        var size = Parse.Optional<FrameSize>("--size", "WxH", "width and height of the frames, default 160x120", FrameSize.Expected, FrameSize.TryParse);
        var frames = Parse.Integer("--frames", "frames of a clip, evenly over its time, default 6", 1);
        var fold = Parse.Optional<int>("--fold", "N", "which fifth of each class's groups is the test, 1 to 5, default 1", "a whole number from 1 to 5",
            (text, out value) => int.TryParse(text, out value) && value is >= 1 and <= PrepareRequest.Folds);
        var path = new Option<string>("--out") { Description = "the .npz file to write", HelpName = "D.npz", Required = true };
        var command = new Verb("prepare", "Videos by class folder into a data file, through an installed ffmpeg. A group (v_class_GG_NN, or a folder of clips) stays on one side of the split.",
            "UCF11_updated_mpg --size 160x120 --frames 6 --out ucf11.npz")
        {
            folder, size, frames, fold, path,
        };
        command.SetAction(result => verbs.Prepare(
            new PrepareRequest(result.GetRequiredValue(folder), result.GetValue(size) ?? new FrameSize(160, 120), result.GetValue(frames) ?? 6, result.GetRequiredValue(path), result.GetValue(fold) ?? 1), io));
        return command;
    }
}
