namespace Cqrs.Routing.DifferentialTests.Model;

public sealed class Profile
{
    public string Motto { get; set; } = "";

    public List<Contact> Contacts { get; set; } = [];
}
