namespace Cqrs.Routing.TestServers;

internal static class Switch
{
    /// <summary>Whether the environment variable says that a suite must run, so that its absent server is a failure and not a skip.</summary>
    public static bool IsOn(string variable) => Environment.GetEnvironmentVariable(variable) == "1";
}
