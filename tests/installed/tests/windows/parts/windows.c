/* Prints the text of every visible window and of what is in it, one a line, so that a test can read a message box. */
#include <windows.h>
#include <stdio.h>

static void print(HWND window, const char *kind)
{
    WCHAR text[4096];
    char bytes[16384];
    LRESULT length = 0;
    DWORD_PTR got = 0;
    if (SendMessageTimeoutW(window, WM_GETTEXT, 4096, (LPARAM)text, SMTO_ABORTIFHUNG, 2000, &got))
        length = (LRESULT)got;
    if (length <= 0)
        return;
    for (LRESULT i = 0; i < length; i++)
        if (text[i] == '\r' || text[i] == '\n')
            text[i] = ' ';
    int size = WideCharToMultiByte(CP_UTF8, 0, text, (int)length, bytes, sizeof bytes - 1, NULL, NULL);
    bytes[size] = 0;
    printf("%s\t%s\n", kind, bytes);
}

static BOOL CALLBACK child(HWND window, LPARAM unused)
{
    (void)unused;
    print(window, "part");
    return TRUE;
}

static BOOL CALLBACK top(HWND window, LPARAM unused)
{
    (void)unused;
    if (IsWindowVisible(window)) {
        print(window, "window");
        EnumChildWindows(window, child, 0);
    }
    return TRUE;
}

int main(void)
{
    EnumWindows(top, 0);
    return 0;
}
