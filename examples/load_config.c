/* A model whose layers are in a JSON file: it is read, shown, trained on Iris, and predicts. */
#include <stdio.h>

#include <snug/snug.h>

static void print_layers(const snug_model *net) {
    snug_layer_info layer;
    for (size_t i = 0;
         snug_model_layer(net, i, &layer) == SNUG_OK && i < snug_model_layer_count(net); i++) {
        printf("%zu  %-8s %2zu -> %-2zu %4zu parameters\n", i, layer.type, layer.inputs,
               layer.outputs, layer.parameters);
    }
}

/* Predicts three flowers by their measures, and returns how many are named right. */
static int predict(const snug_model *net) {
    static const float flowers[3][4] = {
        {5.0F, 3.4F, 1.5F, 0.2F}, {5.9F, 2.8F, 4.3F, 1.3F}, {6.6F, 3.0F, 5.6F, 2.1F}};
    float p[3][3];
    snug_session *session = snug_session_new(net, 3);
    int right = 0;
    if (snug_predict(session, &flowers[0][0], 3, &p[0][0]) == SNUG_OK) {
        for (size_t i = 0; i < 3; i++) {
            size_t class = snug_model_predicted_class(net, p[i]);
            printf("%.1f %.1f %.1f %.1f  is %s with probability %.3f\n", (double)flowers[i][0],
                   (double)flowers[i][1], (double)flowers[i][2], (double)flowers[i][3],
                   snug_model_class_name(net, class), (double)p[i][class]);
            right += class == i;
        }
    }
    snug_session_free(session);
    return right;
}

int main(void) {
    snug_model *net = snug_model_read_config("model_config.json");
    snug_dataset *iris = net != NULL ? snug_dataset_read_csv("data/iris.csv", NULL) : NULL;
    int right = 0;
    if (iris != NULL) {
        print_layers(net);
        snug_fit_options options = {.optimizer = snug_adam(0.01), .epochs = 40, .seed = 3};
        if (snug_fit(net, iris, &options, NULL) == SNUG_OK) {
            right = predict(net);
        }
    }
    if (right < 3) {
        fprintf(stderr, "%d of 3 right: %s\n", right, snug_error());
    }
    snug_dataset_free(iris);
    snug_model_free(net);
    return right == 3 ? 0 : 1;
}
